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
        "net vda", "explain net0", "dhcp renew", "net net0",
      ]
      let capture = folder.appendingPathComponent("frames.pcap")
      let outcome = try context.boot(
        combination, in: folder, devices: devices, script: script, kernelWords: ["vireo.net=1"],
        extraArguments: ["-object", "filter-dump,id=dump,netdev=net0,file=\(capture.path)"])
      let results = ShellTranscript.results(in: outcome.lines)
      guard results.count > script.count else { return outcome.failures + ["\(results.count) commands were answered"] }
      var failures = outcome.lines.filter { $0.hasPrefix("not ok ") }
      for (index, words) in [
        (0, "interface:   net0, 52:54:00:00:00:00"), (0, "address:     none"),
        (2, "address:     10.0.2.15, mask 255.255.255.0"), (3, "3: an echo from 10.0.2.2 after "),
        (4, "300007 bytes, crc32 \(CRC32.text(file.bytes))"), (5, "address:     10.0.2.15, mask 255.255.255.0"),
        (9, "net0: healthy: "), (10, "address:     10.0.2.15, mask 255.255.255.0"),
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
      return failures + countersAgainst(capture, results[11].output)
    }
  }

  /// What `net` says at the end, beside what went over the wire, and beside itself.
  private static func countersAgainst(_ capture: URL, _ lines: [String]) -> [String] {
    guard let wire = try? FrameCapture(capture, address: [0x52, 0x54, 0, 0, 0, 0]) else {
      return ["there is no capture of the frames"]
    }
    func numbers(_ start: String) -> [Int] {
      guard let line = lines.first(where: { $0.hasPrefix(start) }) else { return [] }
      return line.dropFirst(start.count).split { !$0.isNumber }.compactMap { Int($0) }
    }
    let (received, sent) = (numbers("in:"), numbers("out:"))
    let (buffers, gone) = (numbers("  buffers:"), numbers("  of these:"))
    let waiting = numbers("waiting:")
    guard received.count == 2, sent.count == 2, buffers.count == 3, gone.count == 4 else {
      return ["'net net0' says \(lines)"]
    }
    var failures: [String] = []
    func expect(_ isTrue: Bool, _ what: String) {
      if !isTrue { failures.append("\(what): 'net net0' says \(lines), the wire saw \(wire)") }
    }
    expect(received == [wire.toGuest.frames, wire.toGuest.bytes], "frames in are not those of the wire")
    expect(sent == [wire.fromGuest.frames, wire.fromGuest.bytes], "frames out are not those of the wire")
    expect(buffers[0] == received[0] + buffers[1] + buffers[2], "buffers do not add up")
    expect(sent[0] == gone[0] + gone[1] + gone[2] && gone[2] == 0, "frames out do not add up")
    // The server is another process: its answers take a while, and a guest that sleeps is woken.
    expect(waiting.count == 2 && waiting.allSatisfy { $0 > 0 }, "the stack did not sleep")
    return failures
  }
}

/// How many frames went over a wire, and their bytes, from a capture of QEMU's.
struct FrameCapture: CustomStringConvertible {
  private(set) var fromGuest = (frames: 0, bytes: 0)
  private(set) var toGuest = (frames: 0, bytes: 0)

  /// Reads a capture.
  ///
  /// - Parameter address: the guest's card.
  init(_ url: URL, address: [UInt8]) throws {
    let data = [UInt8](try Data(contentsOf: url))
    // A header of 24 bytes; then, for each frame, a time, the bytes that were kept and those that there were.
    var position = 24
    while position + 16 <= data.count {
      let count = (0..<4).reduce(0) { $0 | Int(data[position + 8 + $1]) << (8 * $1) }
      let frame = data[(position + 16)...].prefix(count)
      if frame.dropFirst(6).prefix(6).elementsEqual(address) {
        fromGuest = (fromGuest.frames + 1, fromGuest.bytes + count)
      } else {
        toGuest = (toGuest.frames + 1, toGuest.bytes + count)
      }
      position += 16 + count
    }
  }

  var description: String { "\(toGuest) in, \(fromGuest) out" }
}
