// How devices interrupt, on machines of several kinds, and how the kernel waits.

import Foundation

extension GuestTest {
  /// A machine in a shape that no golden log has, and what its guest must say.
  private struct Shape {
    let name: String
    let combination: Combination
    var machineOptions: [String] = []
    var processor: String?
    var properties: [String] = []
    var kernelWords: [String] = []
    /// How each device's line ends.
    let ending: String
    /// A line that must be there.
    var line: String?
  }

  private static var shapes: [Shape] {
    let (mmio, pci) = (Combination(.aarch64, .virt, .mmio), Combination(.aarch64, .virt, .pci))
    let (riscv, riscvPCI) = (Combination(.riscv64, .virt, .mmio), Combination(.riscv64, .virt, .pci))
    let (microvm, q35) = (Combination(.x86, .microvm, .mmio), Combination(.x86, .q35, .pci))
    let legacy = ["disable-legacy=off", "disable-modern=on"]
    let unknown = "# interrupts: the machine's controller is not known, and devices are polled"
    let version3 = "# interrupts: GICv3, 256 lines, no messages"
    return [
      // Lines for PCI, too: QEMU's GICv3 takes messages by its ITS only, which is not driven.
      Shape(
        name: "GICv3 MMIO", combination: mmio, machineOptions: ["gic-version=3"], ending: "modern, interrupt line 48",
        line: version3),
      Shape(
        name: "GICv3 PCI", combination: pci, machineOptions: ["gic-version=3"], ending: "modern, interrupt line 36",
        line: version3),
      Shape(
        name: "PCI lines aarch64", combination: pci, properties: ["vectors=0"], ending: "modern, interrupt line 36"),
      Shape(name: "PCI lines x86_64", combination: q35, properties: ["vectors=0"], ending: "modern, interrupt line 21"),
      Shape(
        name: "one message aarch64", combination: pci, properties: ["vectors=1"],
        ending: "modern, interrupt messages 80"
      ),
      Shape(
        name: "one message x86_64", combination: q35, properties: ["vectors=1"], ending: "modern, interrupt messages 48"
      ),
      Shape(name: "legacy PCI aarch64", combination: pci, properties: legacy, ending: "legacy, interrupt line 36"),
      Shape(name: "legacy PCI riscv64", combination: riscvPCI, properties: legacy, ending: "legacy, interrupt line 33"),
      Shape(name: "legacy PCI x86_64", combination: q35, properties: legacy, ending: "legacy, interrupt line 21"),
      Shape(
        name: "no interrupt controller riscv64", combination: riscv, machineOptions: ["aia=aplic"],
        ending: "modern, polled", line: unknown),
      Shape(
        name: "no interrupt controller x86_64", combination: q35, processor: "qemu64,-apic", ending: "modern, polled",
        line: unknown),
      Shape(
        name: "no second I/O APIC", combination: microvm, machineOptions: ["ioapic2=off"],
        ending: "modern, polled: its interrupt line 25 cannot be had"),
      Shape(name: "polling aarch64", combination: mmio, kernelWords: ["vireo.wait=poll"], ending: "modern, polled"),
      Shape(name: "polling riscv64", combination: riscv, kernelWords: ["vireo.wait=poll"], ending: "modern, polled"),
      Shape(name: "polling x86_64", combination: q35, kernelWords: ["vireo.wait=poll"], ending: "modern, polled"),
      Shape(
        name: "adaptive aarch64", combination: mmio, kernelWords: ["vireo.wait=adaptive"],
        ending: "modern, interrupt line 48"),
      Shape(
        name: "adaptive riscv64", combination: riscv, kernelWords: ["vireo.wait=adaptive"],
        ending: "modern, interrupt line 1"),
      Shape(
        name: "adaptive x86_64", combination: q35, kernelWords: ["vireo.wait=adaptive"],
        ending: "modern, interrupt messages 48 49"),
      Shape(
        name: "without EVENT_IDX aarch64", combination: mmio, kernelWords: ["vireo.event-index=0"],
        ending: "modern, interrupt line 48"),
      Shape(
        name: "without EVENT_IDX x86_64", combination: q35, kernelWords: ["vireo.event-index=0"],
        ending: "modern, interrupt messages 48 49"),
    ]
  }

  /// All of them.
  static var interrupts: [GuestTest] {
    shapes.map(shape) + Combination.all.map(disorder) + [sharedLine] + Combination.all.map(counts)
      + Combination.all.map(stress)
  }

  private static func shape(_ shape: Shape) -> GuestTest {
    GuestTest(name: "interrupts: \(shape.name)") { context in
      var devices = GuestDevices()
      devices.machineOptions = shape.machineOptions
      devices.processor = shape.processor
      devices.properties = shape.properties
      let folder = try context.folder("interrupts-" + shape.name.replacingOccurrences(of: "/", with: "-"))
      let outcome = try context.boot(shape.combination, in: folder, devices: devices, kernelWords: shape.kernelWords)
      var failures = outcome.failures
      if let line = shape.line, !outcome.lines.contains(line) { failures.append("expected the line '\(line)'") }
      let disk = outcome.lines.first { $0.contains(": block device vda, ") } ?? "nothing"
      if !disk.hasSuffix("vda, " + shape.ending) { failures.append("vda: expected '\(shape.ending)', found: \(disk)") }
      let isPolled = shape.ending.contains("polled")
      let isChecked = outcome.lines.contains { $0.hasPrefix("ok ") && $0.contains("the disk wakes it") }
      if isChecked == isPolled {
        failures.append(
          isPolled ? "interrupts of a polled disk were checked" : "the disk's interrupts were not checked")
      }
      return failures
    }
  }

  /// After a tour, `info` shows what every device's interrupts were good for.
  private static func counts(_ combination: Combination) -> GuestTest {
    GuestTest(name: "interrupt counts \(combination.name)") { context in
      let names = ["vda", "rng0", "rng1"]
      let outcome = try context.boot(
        combination, in: context.folder("counts-\(combination.name)"), script: names.map { "info " + $0 })
      var failures = outcome.failures
      let results = ShellTranscript.results(in: outcome.lines)
      for (index, name) in names.enumerated() {
        let output = index < results.count ? results[index].output : []
        let words = output.first { $0.contains("  counts:") }?.split { " ,".contains($0) }.map(String.init) ?? []
        func count(_ word: String) -> Int? {
          words.firstIndex(of: word).flatMap { $0 + 1 < words.count ? Int(words[$0 + 1]) : nil }
        }
        guard let interrupts = count("interrupts"), let halts = count("halts"), let spurious = count("spurious") else {
          failures.append("info \(name) has no counts")
          continue
        }
        if interrupts == 0 { failures.append("\(name) did not interrupt") }
        if halts == 0 { failures.append("the processor did not sleep for \(name)") }
        // The tour provokes ten on the disk's line; messages are never spurious.
        if name == "vda", combination.transport != .pci, spurious < 10 {
          failures.append("\(name): \(spurious) spurious interrupts, expected at least 10")
        }
      }
      return failures
    }
  }

  /// Devices interrupt before DRIVER_OK, during a reset, for ever, and by numbers that nobody has.
  private static func disorder(_ combination: Combination) -> GuestTest {
    GuestTest(name: "disorder \(combination.name)") { context in
      let outcome = try context.boot(
        combination, in: context.folder("disorder-\(combination.name)"), kernelWords: ["vireo.disorder=1"])
      var failures = outcome.failures
      let early = outcome.lines.filter {
        $0 == "# vda: interrupted before anybody listened, and was masked until then"
      }
      // Twice: devices are found, reset, and found again. Lines are let in only when there is a driver.
      let expected = combination.transport == .pci && combination.architecture != .riscv64 ? 2 : 0
      if early.count != expected { failures.append("\(early.count) reports of early messages, expected \(expected)") }
      let storms = outcome.lines.filter { $0.contains("times while nothing got done") }
      // The first is that of the check of interrupts without devices.
      if storms.count != 2 { failures.append("expected one storm of the disk's to be reported, found: \(storms)") }
      if !outcome.lines.contains(where: { $0.hasPrefix("ok ") && $0.contains("disorder: a storm of a disk's own") }) {
        failures.append("no line says that the disk's storm was masked")
      }
      return failures
    }
  }

  /// Five disks on four lines: the fifth interrupts before its driver is there, by the line of the first, which nobody
  /// can end. The line is lost, and both disks are polled.
  private static var sharedLine: GuestTest {
    GuestTest(name: "disorder on a shared line") { context in
      let folder = try context.folder("disorder-shared-line")
      var devices = GuestDevices()
      devices.properties = ["vectors=0"]
      for letter in ["a", "b", "c", "d"] {
        let image = try TestImage(folder.appendingPathComponent(letter + ".img"), byteCount: 64 * 1024)
        devices.images.append(image.attached(writable: false))
      }
      let outcome = try context.boot(
        Combination(.x86, .q35, .pci), in: folder, devices: devices, kernelWords: ["vireo.disorder=1"])
      var failures = outcome.failures
      let storms = outcome.lines.filter { $0.hasPrefix("# interrupt line 21: fired ") }
      if storms.count != 2 { failures.append("expected line 21 to be reported once in each round, found: \(storms)") }
      let polled = outcome.lines.filter {
        $0.hasSuffix("block device vde, modern, polled: its interrupt line 21 cannot be had")
      }
      if polled.count != 2 { failures.append("expected vde to be polled, found: \(polled)") }
      return failures
    }
  }

  /// A great many requests with interrupts in the middle of whatever the driver does.
  private static func stress(_ combination: Combination) -> GuestTest {
    GuestTest(name: "stress \(combination.name)") { context in
      let requests = context.stressRequests
      let outcome = try context.boot(
        combination, in: context.folder("stress-\(combination.name)"), kernelWords: ["vireo.stress=\(requests)"],
        // A busy machine has been seen to do 10 000 a second.
        deadlineSeconds: GuestTestContext.deadlineSeconds + requests / 2_000)
      let isDone = outcome.lines.contains { $0.hasPrefix("ok ") && $0.contains("stress: \(requests) requests") }
      return outcome.failures + (isDone ? [] : ["no line says that \(requests) requests came back"])
    }
  }
}
