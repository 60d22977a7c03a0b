// Devices that are broken, as far as QEMU can make them so: the others work, and the guest says what is wrong.

import Foundation

extension GuestTest {
  /// All of them.
  static var broken: [GuestTest] {
    let (aarch64, riscv64) = (Architecture.aarch64, Architecture.riscv64)
    return [
      Combination(aarch64, .virt, .mmio), Combination(riscv64, .virt, .pci), Combination(.x86, .q35, .pci),
      Combination(.x86, .microvm, .mmio),
    ].map(refused)
      + [
        Combination(aarch64, .virt, .pci), Combination(riscv64, .virt, .mmio), Combination(.x86, .q35, .pci),
      ].map(silent) + screenMachines.map(unusableScreens) + tornOutMachines.map(tornOut)
  }

  /// One more device of each kind that cannot be brought up: a disk, an entropy source, a console, a GPU and a keyboard that
  /// insist on ACCESS_PLATFORM, and network cards with an MTU that no network can have, and with an address of a group.
  private static func refused(_ combination: Combination) -> GuestTest {
    GuestTest(name: "broken devices \(combination.name)") { context in
      let folder = try context.folder("broken-\(combination.name)")
      var devices = GuestDevices()
      devices.own = [.scratch, .rng0]
      let text = folder.appendingPathComponent("console.txt")
      devices.consoles = [.file(text)]
      devices.networkCards = 1
      devices.screens = 1
      devices.inputs = [.keyboard]
      var arguments = ["-blockdev", "driver=null-co,node-name=bad,size=65536", "-netdev", "user,id=bad,restrict=on"]
      arguments += combination.device("virtio-blk", "drive=bad,iommu_platform=on")
      arguments += combination.device("virtio-rng", "iommu_platform=on")
      arguments += combination.device("virtio-serial", "iommu_platform=on")
      arguments += combination.device("virtio-net", "netdev=bad,host_mtu=67")
      arguments += ["-netdev", "user,id=group,restrict=on"]
      arguments += combination.device("virtio-net", "netdev=group,mac=33:33:00:00:00:01")
      arguments += combination.device("virtio-gpu", "iommu_platform=on")
      arguments += combination.device("virtio-keyboard", "iommu_platform=on")

      // QEMU fills MMIO slots from the top: the names are the kernel's to give, the kinds are what counts.
      let names = ["vdb", "rng1", "console1", "display1", "input1", "net1", "net2"]
      let healthy = ["vda", "rng0", "console0", "net0", "display0", "input0"]
      let script =
        ["devices"] + (names + healthy).map { "explain \($0)" }
        + ["read vda 0", "random 16", "print console0 works", "info net0", "led caps on", "draw"]
      let card = ExpectedPicture.card("display0, screen 0", 1280, 800)
      var screenFailures = ["nobody looked at the screen"]
      let outcome = try context.boot(
        combination, in: folder, devices: devices, script: script + ["devices"], extraArguments: arguments
      ) { prompt, _, screens in
        if prompt == script.count {
          screenFailures = try screens.difference(from: card, screen: 0).map { ["the screen: \($0)"] } ?? []
        }
        return []
      }
      let points = outcome.lines.filter { $0.hasPrefix("not ok ") }
      var failures = screenFailures
      func expect(_ isTrue: Bool, _ what: String) { if !isTrue { failures.append(what) } }
      expect(
        points.count == 1 && points[0].hasSuffix("discovery: every device that has a driver came up"),
        "expected the tour to fail at the devices' bring-up alone, found \(points)")
      let results = ShellTranscript.results(in: outcome.lines)
      guard results.count > script.count else { return failures + ["only \(results.count) commands were answered"] }
      // The refusal names the feature that the device insists on.
      let refusal = ["the device refused the features", "it offers ACCESS_PLATFORM"]
      var why = [[String]](repeating: refusal, count: 5)
      let fields = [
        ["configuration field mtu has the impossible value 67"], ["configuration field mac has the impossible"],
      ]
      why += results[6].output.contains { $0.contains(fields[0][0]) } ? fields : fields.reversed()
      for (index, name) in names.enumerated() {
        let output = results[1 + index].output.joined(separator: "\n")
        expect(
          output.contains("\(name): it could not be brought up: ") && why[index].allSatisfy { output.contains($0) },
          "'explain \(name)' says '\(output)', expected \(why[index])")
        let line = results[0].output.first { $0.hasPrefix(name + " ") } ?? "nothing"
        expect(
          line.contains("not driven: ") && why[index].allSatisfy { line.contains($0) },
          "'devices' says '\(line)' of \(name), expected \(why[index])")
      }
      for (index, name) in healthy.enumerated() {
        let output = results[1 + names.count + index].output.joined(separator: "\n")
        expect(output.contains("\(name): healthy:"), "'explain \(name)' says '\(output)'")
      }
      for (index, result) in results.enumerated() where result.error != nil {
        failures.append("command \(index) failed: \(result.error ?? "")")
      }
      expect((try? String(contentsOf: text, encoding: .utf8)) == "works\n", "console0 did not get its text")
      return failures
    }
  }

  /// A disk and an entropy source that take requests and answer none. Their requests time out, and everybody else works.
  private static func silent(_ combination: Combination) -> GuestTest {
    GuestTest(name: "silent devices \(combination.name)") { context in
      let folder = try context.folder("silent-\(combination.name)")
      // A byte a second, and a byte an hour: longer than anybody waits.
      var arguments = [
        "-object", "throttle-group,id=limit,x-bps-total=1", "-blockdev", "driver=null-co,node-name=null,size=65536",
        "-blockdev", "driver=throttle,node-name=slow,throttle-group=limit,file=null", "-object",
        "rng-builtin,id=builtin",
      ]
      arguments += combination.device("virtio-blk", "drive=slow")
      arguments += combination.device("virtio-rng", "rng=builtin,max-bytes=1,period=3600000")
      let script = [
        "read vdb 0", "explain vdb", "pool 16", "explain rng2", "read vda 0", "random 16", "explain vda",
        "explain rng0",
      ]
      let outcome = try context.boot(
        combination, in: folder, script: script, kernelWords: ["vireo.tour=0"], extraArguments: arguments)
      let results = ShellTranscript.results(in: outcome.lines)
      var failures = outcome.lines.filter { $0.hasPrefix("not ok ") }
      guard results.count > script.count else { return failures + ["only \(results.count) commands were answered"] }
      for (index, words) in [
        (1, "requests on queue 0 wait although all is right on this side"),
        (3, "requests on queue 0 wait although all is right on this side"), (6, "vda: healthy:"), (7, "rng0: healthy:"),
      ] where !results[index].output.contains(where: { $0.contains(words) }) {
        failures.append("'\(script[index])' says \(results[index].output), expected '\(words)'")
      }
      for (index, result) in results.enumerated() where (result.error != nil) != (index == 0) {
        failures.append("'\(index < script.count ? script[index] : "halt")' ended with \(result.error ?? "ok")")
      }
      if outcome.lines.contains(where: { $0.contains("were not given back") }) {
        failures.append("buffers of silent devices were lost")
      }
      return failures
    }
  }
}

extension Combination {
  /// Arguments for one device more, wherever QEMU has room for it; a modern one.
  func device(_ model: String, _ properties: String) -> [String] {
    switch transport {
    case .pci: ["-device", "\(model)-pci,disable-legacy=on,\(properties)"]
    case .mmio, .legacyMMIO: ["-device", "\(model)-device,\(properties)"]
    }
  }
}
