// The firmware configuration, as the guest reads it.

import Foundation

extension GuestTest {
  /// Files of several sizes, read by every method that the machine has: data register and DMA, behind MMIO and ports.
  static func firmware(_ combination: Combination) -> GuestTest {
    GuestTest(name: "firmware \(combination.name)") { context in
      let folder = try context.folder("firmware-\(combination.name)")
      let files = try [1, 4096, 70_001].map {
        try TestImage(folder.appendingPathComponent("file\($0)"), byteCount: $0)
      }
      var devices = GuestDevices()
      devices.own = []
      devices.firmwareFiles = files.map {
        GuestDevices.FirmwareFile(name: "opt/org.vireo/\($0.url.lastPathComponent)", path: $0.url.path)
      }
      let names = devices.firmwareFiles.map { $0.name }
      let hasFiles = combination.takesFirmwareFiles
      let script = ["firmware", "firmware opt/org.vireo/nothing"] + (hasFiles ? names.map { "firmware \($0)" } : [])
      let outcome = try context.boot(
        combination, in: folder, devices: devices, script: script, kernelWords: ["vireo.tour=0"])
      let results = ShellTranscript.results(in: outcome.lines)
      guard results.count > script.count else { return outcome.failures + ["\(results.count) commands were answered"] }
      var failures: [String] = []
      func expect(_ isTrue: Bool, _ what: String) { if !isTrue { failures.append(what) } }
      let place = combination.architecture == .x86 ? "ports" : "memory"
      expect(results[0].output.contains("interface: \(place), with DMA"), "'firmware' says \(results[0].output)")
      expect(results[1].error?.contains("opt/org.vireo/nothing") == true, "a file that is not there was read")
      for (index, file) in files.enumerated() where hasFiles {
        expect(
          results[0].output.contains("\(names[index]), \(file.bytes.count) bytes"),
          "'firmware' does not list \(names[index])")
        for way in ["data register", "DMA"] {
          let line = "\(way): \(file.bytes.count) bytes, crc32 \(CRC32.text(file.bytes))"
          expect(results[2 + index].output.contains(line), "expected '\(line)', found \(results[2 + index].output)")
        }
      }
      // riscv64's list is what the machine has by itself.
      if !hasFiles { expect(!results[0].output.contains { $0.contains("opt/org.vireo") }, "there are files after all") }
      let errors = results.filter { $0.error != nil }
      expect(errors.count == 1, "expected one failed command, found \(errors)")
      return failures + outcome.lines.filter { $0.hasPrefix("not ok ") }
    }
  }
}
