// The guest as a small computer: several devices of every kind, known by name.

import Foundation

extension GuestTest {
  /// What the shell tells of devices and queues: it is there, it follows what is done, and wrong names are refused.
  static func introspection(_ combination: Combination) -> GuestTest {
    GuestTest(name: "introspection \(combination.name)") { context in
      let folder = try context.folder("introspection-\(combination.name)")
      var devices = GuestDevices()
      devices.consoles = [.file(folder.appendingPathComponent("console.txt"))]
      devices.networkCards = 1
      let names = ["vda", "rng0", "rng1", "console0", "net0"]
      let script =
        ["devices"] + names.map { "info \($0)" } + ["queue vda 0", "read vda 0 3", "queue vda 0", "explain vda"]
        + ["info nothing", "queue nothing 0", "queue vda 1", "queue vda x", "explain nothing", "explain"]
      let outcome = try context.boot(
        combination, in: folder, devices: devices, script: script, kernelWords: ["vireo.tour=0"])
      let results = ShellTranscript.results(in: outcome.lines)
      guard results.count > script.count else { return outcome.failures + ["\(results.count) commands were answered"] }
      var failures: [String] = []
      func expect(_ isTrue: Bool, _ what: String) { if !isTrue { failures.append(what) } }
      let interface = combination.transport == .legacyMMIO ? "legacy" : "modern"
      for (index, name) in names.enumerated() {
        let line = results[0].output.first { $0.hasPrefix(name + " ") } ?? "nothing"
        expect(line.contains(", \(interface)"), "'devices' says \(line) of \(name)")
        let info = results[1 + index].output
        func field(_ field: String) -> String {
          info.first { $0.hasPrefix(field + ":") }.map { String($0.dropFirst(13)) } ?? ""
        }
        expect(field("name") == name, "'info \(name)' has the name '\(field("name"))'")
        expect(line.contains(field("location")) && !field("location").isEmpty, "'info \(name)' has no location")
        expect(field("interface") == interface, "'info \(name)' says \(field("interface"))")
        expect(field("status").hasSuffix("DRIVER_OK"), "'info \(name)' says \(field("status"))")
        expect(!field("negotiated").contains("bit-"), "features without names: \(field("negotiated"))")
        expect(info.contains { $0.hasPrefix("  areas:     descriptors 0x") }, "'info \(name)' has no addresses")
      }
      let counts = [6, 8].map { index in
        results[index].output.first { $0.hasPrefix("  indices: ") }?.split { " ,".contains($0) }.compactMap { Int($0) }
          ?? []
      }
      // Submitted, available, used, and used by the device's word: three reads more of each.
      expect(
        counts[0].count == 4 && counts[1] == counts[0].map { $0 + 3 },
        "the queue's indices went from \(counts[0]) to \(counts[1]) by three reads")
      expect(results[9].output.contains { $0.contains("vda: healthy:") }, "'explain vda' says \(results[9].output)")
      for (index, result) in results.enumerated() where (result.error != nil) != (10...15 ~= index) {
        failures.append("'\(index < script.count ? script[index] : "halt")' ended with \(result.error ?? "ok")")
      }
      return failures + outcome.lines.filter { $0.hasPrefix("not ok ") }
    }
  }

  /// Two disks, two entropy sources, two consoles, two network cards and a firmware configuration with a file in it: each
  /// has its name, works, and says so.
  static func twoOfEverything(_ combination: Combination) -> GuestTest {
    GuestTest(name: "two of everything \(combination.name)") { context in
      let folder = try context.folder("two-\(combination.name)")
      let image = try TestImage(folder.appendingPathComponent("a.img"), byteCount: 16 * 1024)
      let file = try TestImage(folder.appendingPathComponent("file"), byteCount: 5001)
      let consoles = (0..<2).map { folder.appendingPathComponent("console\($0).txt") }
      var devices = GuestDevices()
      devices.images = [image.attached(writable: false)]
      devices.consoles = consoles.map { .file($0) }
      devices.networkCards = 2
      devices.firmwareFiles = [GuestDevices.FirmwareFile(name: "opt/org.vireo/file", path: file.url.path)]
      let names = ["vda", "vdb", "rng0", "rng1", "console0", "console1", "net0", "net1"]
      let firmware = combination.takesFirmwareFiles ? "firmware opt/org.vireo/file" : "firmware"
      let script =
        ["devices", "print console0 to the first", "print console1 to the second", "info net1", "queue net0 1"]
        + ["pool 16", firmware] + names.map { "explain \($0)" }
      let outcome = try context.boot(combination, in: folder, devices: devices, script: script)
      var failures = outcome.failures
      func expect(_ isTrue: Bool, _ what: String) { if !isTrue { failures.append(what) } }

      let results = ShellTranscript.results(in: outcome.lines)
      let outputs = results.map { $0.output.joined(separator: "\n") }
      guard outputs.count > script.count - 1 else { return failures + ["only \(outputs.count) commands were answered"] }
      for name in names {
        expect(results[0].output.contains { $0.hasPrefix(name + " ") }, "'devices' does not list \(name)")
      }
      for (index, words) in ["to the first", "to the second"].enumerated() {
        let text = try String(contentsOf: consoles[index], encoding: .utf8)
        expect(text == words + "\n", "console\(index) has got '\(text)'")
      }
      expect(outputs[3].contains("address:     52:54:00:00:00:01"), "'info net1' says \(outputs[3])")
      expect(outputs[4].contains("queue 1:") && outputs[4].contains("enabled"), "'queue net0 1' says \(outputs[4])")
      expect(outputs[5].contains("sources: 2, seeded"), "'pool 16' says \(outputs[5])")
      let checksum = CRC32.text(file.bytes)
      for way in ["data register", "DMA"] where combination.takesFirmwareFiles {
        expect(
          outputs[6].contains("\(way): 5001 bytes, crc32 \(checksum)"),
          "'firmware' says \(outputs[6]), expected crc32 \(checksum) by \(way)")
      }
      if !combination.takesFirmwareFiles {
        expect(outputs[6].contains("interface: memory, with DMA"), "'firmware' says \(outputs[6])")
      }
      for (name, output) in zip(names, outputs[7...]) {
        expect(output.contains("\(name): healthy:"), "'explain \(name)' says \(output)")
      }
      return failures
    }
  }
}
