// Guests in odd company: devices without a driver, devices that are not wanted, and a kernel that fails.

import Foundation

extension GuestTest {
  /// A device that the kernel has no driver for is named in the log, and all others work.
  static func stranger(_ combination: Combination) -> GuestTest {
    GuestTest(name: "unknown device \(combination.name)") { context in
      var devices = GuestDevices()
      devices.hasStranger = true
      let outcome = try context.boot(combination, in: context.folder("stranger-\(combination.name)"), devices: devices)
      var failures = outcome.failures
      if !outcome.lines.contains(where: { $0.hasPrefix("# ") && $0.contains("balloon device, no driver") }) {
        failures.append("no line says that there is no driver for the balloon device")
      }
      if !outcome.lines.contains("# discovery: 1 disks, 2 entropy sources") {
        failures.append("the other devices were not all found")
      }
      return failures
    }
  }

  /// The same device, with a driver that is no part of the package and that the kernel has registered: it is one of the
  /// machine's, asks for pages and gets them.
  static var driversFromOutside: [GuestTest] {
    [
      Combination(.aarch64, .virt, .mmio), Combination(.riscv64, .virt, .pci), Combination(.x86, .q35, .pci),
      Combination(.x86, .microvm, .legacyMMIO),
    ].map { combination in
      GuestTest(name: "driver from outside \(combination.name)") { context in
        var devices = GuestDevices()
        devices.hasStranger = true
        let script = ["devices", "info balloon0", "explain balloon0", "explain vda"]
        let pages = 21
        let outcome = try context.boot(
          combination, in: context.folder("outside-\(combination.name)"), devices: devices, script: script,
          kernelWords: ["vireo.outside=1"], balloonPageCount: pages)
        var failures = outcome.failures
        let point = "outside: a driver that is no part of the package gives its device the pages that it asks for"
        let results = ShellTranscript.results(in: outcome.lines)
        guard results.count > script.count else { return failures + ["\(results.count) commands were answered"] }
        if !outcome.lines.contains(where: { $0.hasPrefix("ok ") && $0.hasSuffix(point) }) {
          failures.append("the tour has no point '\(point)'")
        }
        for (index, words) in [
          (0, "balloon0 balloon, "), (1, "type:        balloon"), (2, "balloon0: healthy: \(pages) "),
          (3, "vda: healthy:"),
        ] where !results[index].output.contains(where: { $0.hasPrefix(words) }) {
          failures.append("'\(script[index])' says \(results[index].output), expected '\(words)'")
        }
        return failures
      }
    }
  }

  /// Legacy devices offered to a kernel that wants modern ones only: refused one by one, and the kernel goes on.
  static var legacyRefused: GuestTest {
    GuestTest(name: "legacy devices refused") { context in
      let outcome = try context.boot(
        Combination(.aarch64, .virt, .legacyMMIO), in: context.folder("legacy-refused"),
        kernelWords: ["vireo.legacy=refuse"])
      let refusals = outcome.lines.filter { $0.hasSuffix("legacy device, and only modern ones were asked for") }
      return outcome.failures + (refusals.count == 3 ? [] : ["expected three refusals, found \(refusals)"])
    }
  }

  /// A kernel that overflows: the report names the cause and the place, and the run fails.
  static func exception(_ architecture: Architecture) -> GuestTest {
    let combination = Combination.all.first { $0.architecture == architecture }!
    return GuestTest(name: "exception \(architecture.rawValue)") { context in
      let folder = try context.folder("exception-\(architecture.rawValue)")
      let outcome = try context.boot(combination, in: folder, script: ["fault overflow"])
      var failures: [String] = []
      if outcome.failures.isEmpty { failures.append("a run with an exception passed") }
      if !outcome.lines.contains(where: { $0.hasPrefix("# exception: ") && $0.contains("pc 0x") }) {
        failures.append("no line '# exception: ..., pc 0x...'")
      }
      let url = folder.appendingPathComponent("symbolised.txt")
      let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
      for word in ["arithmetic overflow", ".swift:"] where !text.contains(word) {
        failures.append("symbolised.txt does not say '\(word)': \(text)")
      }
      return failures
    }
  }
}
