// The guest as a small computer: several devices of every kind, known by name.

import Foundation

extension GuestTest {
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
      devices.consoles = consoles
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
