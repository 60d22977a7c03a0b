// One boot of one guest, from its scratch disk to its reports.

import Dispatch
import Foundation
import VirtualMachine

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
  /// Further arguments of QEMU's, and what they name by `Emulator.path(ofFile:)`.
  var extraArguments: [String] = []
  var files: [any InheritedFile] = []
  /// How many pages of 4096 bytes the guest's memory balloon is to ask for, once the machine runs.
  var balloonPageCount: Int?
  /// Whether the guest has a console more, the first one, and is talked to by it: its lines are the run's then.
  var isTalkedToByConsole = false
  /// Where a person sees the screens.
  var window = ScreenWindow.none
  /// Whether pictures of the screens are left beside the reports, as they are at the end.
  var keepsPictures = false
  /// Called at each prompt, before the script's next line is typed: with the text from the kernel's start on.
  ///
  /// - Returns: what was wrong.
  var atPrompt: ((Int, String, GuestScreens) throws -> [String])?
  /// Called when the kernel has come to its end, and leaves the screens as they are: with the same text.
  var whenHeld: ((String, GuestScreens) throws -> Void)?

  struct Outcome {
    let lines: [String]
    /// What came on the serial line of a guest that is talked to by a console.
    let serialLines: [String]
    let failures: [String]
    /// From QEMU's start to the line that tells of the first sector, by the host's clock.
    let firstSectorMilliseconds: Int?
  }

  private var holds: Bool { keepsPictures || whenHeld != nil }

  func run() throws -> Outcome {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = { (name: String) in folder.appendingPathComponent(name) }
    let pictures = (0..<16).map { GuestScreens.fileName(ofScreen: $0) }
    for name in pictures + ["report.tap", "serial.log", "qemu.log", "symbolised.txt"] {
      try? FileManager.default.removeItem(at: file(name))
    }
    let scratch = file("scratch.img")
    try ScratchDisk.create(at: scratch)
    // In a session the person's terminal edits and echoes lines itself, so the kernel is asked for no echo.
    let shell: ShellMode = isInteractive ? .silent : script == nil ? .none : .echoing
    var (devices, files) = (devices, files)
    let console = isTalkedToByConsole ? try ConsoleSocket() : nil
    if let console {
      devices.consoles.insert(.socket(descriptor: Emulator.descriptor(ofFile: files.count)), at: 0)
      files.append(console.inherited)
    }
    let command = EmulatorCommand(
      combination: combination, kernelPath: kernelPath, scratchPath: scratch.path, devices: devices, shell: shell,
      measurement: measurement, kernelWords: kernelWords + (holds ? ["vireo.hold=1"] : []))
    let program = combination.architecture.emulator
    let arguments = command.arguments + window.arguments + extraArguments
    let words = [program] + Emulator.fixedArguments + arguments
    try Data((words.map(quoted).joined(separator: " ") + "\n").utf8).write(to: file("qemu.command"))

    let record = try boot(
      Emulator.Configuration(program, arguments, files: files), console, errors: file("qemu.log"))
    let verdict = Verdict(
      architecture: combination.architecture, lines: record.lines, end: record.end,
      isScriptFinished: record.isScriptFinished)
    let report = TestReport(lines: record.lines)
    try Data(report.lines.map { $0 + "\n" }.joined().utf8).write(to: file("report.tap"))
    try Data(record.lines.map { $0 + "\n" }.joined().utf8).write(to: file("serial.log"))
    if !report.exceptions.isEmpty {
      let explanation = Symboliser.explain(report.exceptions, kernel: kernelPath)
      try Data(explanation.utf8).write(to: file("symbolised.txt"))
      if isPassedThrough { Terminal.progress("the kernel took an exception:\n\(explanation)") }
    }
    var failures = verdict.failures + record.findings
    let complaints = (try? String(contentsOf: file("qemu.log"), encoding: .utf8)) ?? ""
    if !failures.isEmpty {
      failures += complaints.split(separator: "\n").map { "QEMU says: \($0)" }
    }
    return Outcome(
      lines: record.lines, serialLines: record.serialLines, failures: failures,
      firstSectorMilliseconds: record.firstSectorMilliseconds)
  }

  /// What was seen of a boot.
  private struct Record {
    let lines: [String]
    let serialLines: [String]
    let end: Verdict.End
    let isScriptFinished: Bool
    let firstSectorMilliseconds: Int?
    /// What the callers found wrong at the prompts.
    let findings: [String]
  }

  /// Starts QEMU and stays with it until it has ended.
  private func boot(
    _ configuration: Emulator.Configuration, _ console: ConsoleSocket?, errors: URL
  ) throws -> Record {
    let begin = ContinuousClock.now
    let machine = try start(configuration)
    console?.closeInherited()
    let process = machine.process
    if let balloonPageCount {
      let byteCount = (EmulatorCommand.memoryMebibytes << 20) - balloonPageCount << 12
      try machine.monitor.execute("balloon", ["value": .integer(Int64(byteCount))])
    }
    if case .vnc = window {
      Terminal.progress("the screens are shown by VNC on \(try ScreenWindow.address(of: machine))")
    }
    let screens = GuestScreens(machine, devices, folder: folder)
    defer { try? Data(process.standardError.utf8).write(to: errors) }

    let isListening = DispatchSemaphore(value: 0)
    if isInteractive { TerminalInput.forward(to: process, once: isListening) }
    var watch = Watch()
    var script = script
    var end: Verdict.End?
    var (prompts, findings) = (0, [String]())
    while end == nil {
      let limit = deadlineSeconds.map { .seconds($0) - (ContinuousClock.now - begin) } ?? Duration.seconds(3600)
      guard let data = output(of: process, console, within: limit) else {
        if let seconds = deadlineSeconds { end = .deadline(seconds: seconds) }
        if keepsPictures { try? screens.keepPictures() }
        continue
      }
      guard !data.isEmpty else { break }
      let bytes = watch.receive(data)
      if watch.firstSector == nil, watch.serial.lines.contains(where: Watch.isFirstSector) {
        watch.firstSector = ContinuousClock.now - begin
      }
      if watch.kernelHasJustStarted() { isListening.signal() }
      if isPassedThrough, (try? FileHandle.standardOutput.write(contentsOf: Data(bytes))) == nil { end = .outputClosed }
      if holds, let text = watch.takeTextBeforeHold() {
        if keepsPictures { try screens.keepPictures() }
        try whenHeld?(text, screens)
        // What the kernel waits for.
        try? process.send([6], within: .seconds(10))
      }
      if watch.serial.isAtPrompt, let atPrompt, let script, !script.isFinished {
        findings += try atPrompt(prompts, watch.text, screens)
        prompts += 1
      }
      if watch.serial.isAtPrompt, let line = script?.next() {
        // A guest that has just ended is seen at the next read.
        let bytes = Array("\(line)\r".utf8)
        if let console {
          try? console.send(bytes, within: .seconds(10))
        } else {
          try? process.send(bytes, within: .seconds(10))
        }
      }
    }
    if end != nil { process.kill() }
    let status = process.waitForEnd()
    var serial = SerialText()
    while console != nil, let bytes = try? process.takeOutput(within: .zero), !bytes.isEmpty { serial.receive(bytes) }
    return Record(
      lines: watch.serial.allLines, serialLines: serial.allLines, end: end ?? .exited(status.shellStatus),
      isScriptFinished: script?.isFinished ?? true,
      firstSectorMilliseconds: watch.firstSector.map { Int($0 / .milliseconds(1)) }, findings: findings)
  }

  private func start(_ configuration: Emulator.Configuration) throws -> Emulator {
    do throws(VirtualMachineError) {
      return try Emulator(configuration)
    } catch {
      guard case .programMissing = error else { throw error }
      throw ToolError.unavailable(error.words)
    }
  }

  /// nil when there was none in that time; empty at the end.
  private func output(of process: ChildProcess, _ console: ConsoleSocket?, within limit: Duration) -> [UInt8]? {
    if let console { return try? console.takeOutput(within: limit) }
    return try? process.takeOutput(within: limit)
  }

  /// What has been seen on the serial line.
  private struct Watch {
    var serial = SerialText()
    var firstSector: Duration?
    private var hasKernelStarted = false
    private var wasHeld = false

    /// What the kernel has written, up to now.
    var text: String {
      let lines = serial.allLines
      return lines[(lines.firstIndex(where: GoldenLog.isKernelStart) ?? 0)...].joined(separator: "\n")
    }

    /// What the kernel has written before it left the screens as they are: once.
    mutating func takeTextBeforeHold() -> String? {
      let line = "# screens: as they are at the end"
      guard !wasHeld, serial.lines.last == line else { return nil }
      wasHeld = true
      return String(text.dropLast(line.count))
    }

    mutating func receive(_ data: [UInt8]) -> [UInt8] { serial.receive(data) }

    static func isFirstSector(_ line: String) -> Bool { line.hasPrefix("# bench: first-sector") }

    /// True once.
    mutating func kernelHasJustStarted() -> Bool {
      guard !hasKernelStarted, serial.lines.contains(where: GoldenLog.isKernelStart) else { return false }
      hasKernelStarted = true
      return true
    }
  }

  private func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_./,=:+".contains($0) }
    return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
