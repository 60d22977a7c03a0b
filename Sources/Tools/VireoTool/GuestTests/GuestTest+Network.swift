// The example network stack in the guest, on QEMU's own network: an address, echoes, a file.

import Foundation

extension GuestTest {
  /// One machine of each architecture, and both kinds of transport.
  static var networks: [GuestTest] {
    [
      Combination(.aarch64, .virt, .mmio), Combination(.riscv64, .virt, .pci), Combination(.x86, .q35, .pci),
      Combination(.x86, .microvm, .legacyMMIO),
    ].map(network)
  }

  /// A file of random bytes comes by TFTP with the host's checksum, over an address that came by DHCP.
  private static func network(_ combination: Combination) -> GuestTest {
    GuestTest(name: "network \(combination.name)") { context in
      let folder = try context.folder("network-\(combination.name)")
      let file = try TestImage(folder.appendingPathComponent("file"), byteCount: 300_007)
      var devices = GuestDevices()
      devices.networkCards = 2
      devices.served = folder
      let script = [
        "net net0", "tftp file", "dhcp", "ping 10.0.2.2", "tftp file", "net net0", "tftp nothing", "ping 10.0.2.99",
        "net vda", "explain net0",
      ]
      let outcome = try context.boot(
        combination, in: folder, devices: devices, script: script, kernelWords: ["vireo.net=1"])
      let results = ShellTranscript.results(in: outcome.lines)
      guard results.count > script.count else { return outcome.failures + ["\(results.count) commands were answered"] }
      var failures = outcome.lines.filter { $0.hasPrefix("not ok ") }
      for (index, words) in [
        (0, "interface:   net0, 52:54:00:00:00:00"), (0, "address:     none"),
        (2, "address:     10.0.2.15, mask 255.255.255.0"), (3, "3: an echo from 10.0.2.2 after "),
        (4, "300007 bytes, crc32 \(CRC32.text(file.bytes))"), (5, "address:     10.0.2.15, mask 255.255.255.0"),
        (9, "net0: healthy: "),
      ] where !results[index].output.contains(where: { $0.hasPrefix(words) }) {
        failures.append("'\(script[index])' says \(results[index].output), expected '\(words)'")
      }
      // Without an address, a file that there is not, a machine that there is not, and a disk.
      for (index, result) in results.enumerated() where (result.error != nil) != [1, 6, 7, 8].contains(index) {
        failures.append("'\(index < script.count ? script[index] : "halt")' ended with \(result.error ?? "ok")")
      }
      for point in ["network: net0 gets an address by DHCP", "network: an echo from the server comes back"]
      where !outcome.lines.contains(where: { $0.hasPrefix("ok ") && $0.hasSuffix(point) }) {
        failures.append("the tour has no point '\(point)'")
      }
      return failures
    }
  }
}
