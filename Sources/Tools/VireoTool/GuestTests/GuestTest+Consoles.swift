// The log and the shell on a virtio console, whose other end is a socket of the test's.

import Foundation

extension GuestTest {
  /// All of them.
  static var consoles: [GuestTest] {
    Combination.all.map(virtioConsole) + Architecture.allCases.map(bothConsoles) + [missingConsole]
      + Architecture.allCases.map(emergency)
  }

  /// The whole log is on the console, with what was written before it was up; so is the shell. The serial line has the
  /// beginning alone.
  private static func virtioConsole(_ combination: Combination) -> GuestTest {
    GuestTest(name: "console virtio \(combination.name)") { context in
      let outcome = try context.boot(
        combination, in: context.folder("console-\(combination.name)"),
        script: ["devices", "print console0 by itself"], kernelWords: ["vireo.console=virtio"],
        isTalkedToByConsole: true)
      var failures = outcome.failures
      for line in ["ok 1 - platform: address translation and caches are on", "# tour: done", "by itself"]
      where !outcome.lines.contains(line) {
        failures.append("the console has no line '\(line)'")
      }
      let results = ShellTranscript.results(in: outcome.lines)
      if results.first?.output.contains(where: { $0.hasPrefix("console0 console") }) != true {
        failures.append("'devices' was not answered on the console: \(results)")
      }
      if !outcome.serialLines.contains(where: { $0.contains("console device console0, ") }) {
        failures.append("the serial line lacks the log from before the console was up")
      }
      if outcome.serialLines.contains(where: { $0.hasPrefix("# discovery:") || $0.contains("vireo>") }) {
        failures.append("the serial line has what was for the console alone: \(outcome.serialLines.suffix(3))")
      }
      return failures
    }
  }

  /// Both have every line, and what is typed at one is seen at the other.
  private static func bothConsoles(_ architecture: Architecture) -> GuestTest {
    let combination = Combination.all.first { $0.architecture == architecture && $0.transport == .pci }!
    return GuestTest(name: "console both \(architecture.rawValue)") { context in
      let outcome = try context.boot(
        combination, in: context.folder("console-both-\(architecture.rawValue)"), script: ["devices"],
        kernelWords: ["vireo.console=both"], isTalkedToByConsole: true)
      var failures = outcome.failures
      // Firmware knows the serial line only.
      let serial = outcome.serialLines.drop { $0 != outcome.lines.first }
      if !serial.elementsEqual(outcome.lines) {
        let pair = zip(serial, outcome.lines).first { $0 != $1 }
        failures.append("serial line and console differ, first here: \(pair.map { "\($0)" } ?? "at the end")")
      }
      return failures
    }
  }

  /// A console is asked for, and the machine has none: the serial line has it all.
  private static var missingConsole: GuestTest {
    GuestTest(name: "console missing") { context in
      let outcome = try context.boot(
        Combination(.aarch64, .virt, .mmio), in: context.folder("console-missing"), script: ["devices"],
        kernelWords: ["vireo.console=virtio"])
      let isSaid = outcome.lines.contains("# console: there is no VirtIO console; the serial line is used")
      return outcome.failures + (isSaid ? [] : ["no line says that the serial line is used"])
    }
  }

  /// An exception is reported on the console, by the register that needs no queue.
  private static func emergency(_ architecture: Architecture) -> GuestTest {
    let combination = Combination.all.first { $0.architecture == architecture && $0.transport != .pci }!
    return GuestTest(name: "console emergency \(architecture.rawValue)") { context in
      let outcome = try context.boot(
        combination, in: context.folder("console-emergency-\(architecture.rawValue)"), script: ["fault overflow"],
        kernelWords: ["vireo.console=virtio"], isTalkedToByConsole: true)
      var failures: [String] = []
      if outcome.failures.isEmpty { failures.append("a run with an exception passed") }
      for (name, lines) in [("console", outcome.lines), ("serial line", outcome.serialLines)] {
        let report = lines.firstIndex { $0.hasPrefix("# exception: ") && $0.contains("pc 0x") }
        // Registers of all three architectures follow, four in a line.
        if report.map({ lines[$0...].filter { $0.hasPrefix("#   ") }.count > 3 }) != true {
          failures.append("the \(name) has no whole report of the exception: \(lines.suffix(3))")
        }
      }
      return failures
    }
  }
}
