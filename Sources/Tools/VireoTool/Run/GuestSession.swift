// A guest at its prompt, and somebody at its keyboard.

import Foundation
import VirtualMachine

/// A guest that has no tour and waits at its prompt. The serial line shows what its shell says; lines can be typed there,
/// and everything else is done at the emulator.
final class GuestSession {
  let emulator: Emulator
  private let architecture: Architecture
  private let deadline: ContinuousClock.Instant
  private let folder: URL

  /// Boots, and waits for the prompt.
  init(
    _ combination: Combination, kernel: String, folder: URL, devices: GuestDevices, kernelWords: [String] = [],
    extraArguments: [String] = [], limit: Duration = .seconds(GuestTestContext.deadlineSeconds)
  ) throws {
    let scratch = folder.appendingPathComponent("scratch.img")
    if devices.own.contains(.scratch) { try ScratchDisk.create(at: scratch) }
    let command = EmulatorCommand(
      combination: combination, kernelPath: kernel, scratchPath: scratch.path, devices: devices, shell: .echoing,
      kernelWords: ["vireo.tour=0"] + kernelWords)
    architecture = combination.architecture
    self.folder = folder
    deadline = .now + limit
    emulator = try Emulator(.init(architecture.emulator, command.arguments + extraArguments))
    try emulator.serial.waitForPrompt(ShellPrompt.text, within: limit)
  }

  /// What the guest said is left where it is found, whatever happened.
  deinit { try? Data(lines.map { $0 + "\n" }.joined().utf8).write(to: folder.appendingPathComponent("serial.log")) }

  /// Everything on the serial line so far.
  var lines: [String] { emulator.serial.lines }

  /// What the shell has answered so far.
  var results: [ShellResult] { ShellTranscript.results(in: lines) }

  /// Waits until the serial line is as expected.
  func wait(for what: String, until isThere: ([String]) -> Bool) throws {
    while true {
      let lines = lines
      if isThere(lines) { return }
      guard ContinuousClock.now < deadline else {
        throw ToolError("no \(what); the serial line ends with \(lines.suffix(3))")
      }
      // Whatever comes next, or the end.
      _ = try? emulator.serial.waitForLine(within: .milliseconds(2)) { _ in false }
      if emulator.process.status != nil {
        if isThere(self.lines) { return }
        throw ToolError("no \(what); the guest has ended: \(self.lines.suffix(3))")
      }
    }
  }

  /// Waits for the answer number `index`, from 0, and the prompt behind it.
  func result(_ index: Int) throws -> ShellResult {
    try wait(for: "answer to command \(index)") { lines in
      lines.last == ShellPrompt.text && ShellTranscript.results(in: lines).count > index
    }
    return results[index]
  }

  /// Types a line on the serial line, and waits for its answer.
  func perform(_ line: String) throws -> ShellResult {
    let count = results.count
    try emulator.serial.type(line: line)
    return try result(count)
  }

  /// Has the guest end.
  ///
  /// - Returns: what was wrong with the run.
  func finish() throws -> [String] {
    try emulator.serial.type(line: "halt")
    guard let status = emulator.process.waitForEnd(within: .seconds(20)) else {
      return ["the guest was still running 20 s after 'halt'"]
    }
    return Verdict(
      architecture: architecture, lines: lines, end: .exited(status.shellStatus), isScriptFinished: true
    ).failures
  }
}
