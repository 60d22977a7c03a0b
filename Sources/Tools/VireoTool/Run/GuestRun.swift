// One boot of one guest, from its scratch disk to its reports.

import Dispatch
import Foundation
import Synchronization

/// A boot that has been decided on: the kernel is built, the images were looked at.
struct GuestRun {
  var combination: Combination
  var kernelPath: String
  /// Where the scratch disk, the serial line and the reports go.
  var folder: URL
  var devices = GuestDevices()
  var script: ShellScript?
  /// Lines typed by a person, from our standard input.
  var isInteractive = false
  /// Whether the serial line goes to standard output too.
  var isPassedThrough = false
  var deadlineSeconds: Int?
  var measurement: Measurement?
  var kernelWords: [String] = []

  struct Outcome {
    let lines: [String]
    let failures: [String]
    /// From QEMU's start to the line that tells of the first sector, by the host's clock.
    let firstSectorMilliseconds: Int?
  }

  func run() throws -> Outcome {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = { (name: String) in folder.appendingPathComponent(name) }
    for name in ["report.tap", "serial.log", "qemu.log", "symbolised.txt"] {
      try? FileManager.default.removeItem(at: file(name))
    }
    let scratch = file("scratch.img")
    try ScratchDisk.create(at: scratch)
    // In a session the person's terminal edits and echoes lines itself, so the kernel is asked for no echo.
    let shell: ShellMode = isInteractive ? .silent : script == nil ? .none : .echoing
    let command = EmulatorCommand(
      combination: combination, kernelPath: kernelPath, scratchPath: scratch.path, devices: devices, shell: shell,
      measurement: measurement, kernelWords: kernelWords)
    let words = [combination.architecture.emulator] + command.arguments
    try Data((words.map(quoted).joined(separator: " ") + "\n").utf8).write(to: file("qemu.command"))

    let (lines, end, isScriptFinished, firstSector) = try boot(words, errors: file("qemu.log"))
    let verdict = Verdict(
      architecture: combination.architecture, lines: lines, end: end, isScriptFinished: isScriptFinished)
    let report = TestReport(lines: lines)
    try Data(report.lines.map { $0 + "\n" }.joined().utf8).write(to: file("report.tap"))
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: file("serial.log"))
    if !report.exceptions.isEmpty {
      let explanation = Symboliser.explain(report.exceptions, kernel: kernelPath)
      try Data(explanation.utf8).write(to: file("symbolised.txt"))
      if isPassedThrough { Terminal.progress("the kernel took an exception:\n\(explanation)") }
    }
    var failures = verdict.failures
    let complaints = (try? String(contentsOf: file("qemu.log"), encoding: .utf8)) ?? ""
    if !failures.isEmpty {
      failures += complaints.split(separator: "\n").map { "QEMU says: \($0)" }
    }
    return Outcome(lines: lines, failures: failures, firstSectorMilliseconds: firstSector)
  }

  /// Starts QEMU and stays with it until it has ended.
  private func boot(_ words: [String], errors: URL) throws -> (
    lines: [String], end: Verdict.End, finished: Bool, firstSector: Int?
  ) {
    guard let emulator = Children.find(words[0]) else { throw ToolError.unavailable("\(words[0]) not found") }
    try Data().write(to: errors)
    let log = try FileHandle(forWritingTo: errors)
    defer { try? log.close() }
    let (input, output) = (Pipe(), Pipe())
    let process = Process()
    process.executableURL = URL(fileURLWithPath: emulator)
    process.arguments = Array(words.dropFirst())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = log
    let begin = ContinuousClock.now
    var firstSector: Int?
    try Children.start(process)
    let pid = process.processIdentifier

    let deadline = Deadline(seconds: deadlineSeconds) { kill(pid, SIGKILL) }
    let isListening = DispatchSemaphore(value: 0)
    var hasKernelStarted = false
    if isInteractive { TerminalInput.forward(to: input.fileHandleForWriting, once: isListening) }
    var serial = SerialLine()
    var script = script
    var isOutputClosed = false
    while true {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      let bytes = serial.receive(data)
      if measurement != nil, firstSector == nil,
        serial.lines.contains(where: { $0.hasPrefix("# bench: first-sector") })
      {
        firstSector = Int((ContinuousClock.now - begin) / .milliseconds(1))
      }
      if !hasKernelStarted, serial.lines.contains(where: GoldenLog.isKernelStart) {
        hasKernelStarted = true
        isListening.signal()
      }
      if isPassedThrough, !isOutputClosed {
        do {
          try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
          isOutputClosed = true
          kill(pid, SIGKILL)
        }
      }
      if serial.isAtPrompt, let line = script?.next() {
        // A guest that has just ended is seen at the next read.
        try? input.fileHandleForWriting.write(contentsOf: Data("\(line)\r".utf8))
      }
    }
    let status = Children.wait(for: process)
    let isOverdue = deadline.cancel()
    let end: Verdict.End =
      isOutputClosed ? .outputClosed : isOverdue ? .deadline(seconds: deadlineSeconds ?? 0) : .exited(status)
    return (serial.allLines, end, script?.isFinished ?? true, firstSector)
  }

  private func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:+".contains($0) }
    return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
