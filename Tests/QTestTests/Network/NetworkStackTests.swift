import DevicePlatform
import Foundation
import NetworkStack
import QTest
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOPCI
import VirtualMachine

extension EmulatedMachines {
  /// The example stack on the network driver on QEMU's card, against QEMU's own network: two programs that nobody here
  /// wrote judge what is sent, the network's servers and a protocol analyser.
  @Suite struct NetworkStackTests {
    static let places: [Place] = [.q35PCI, .q35LegacyPCI, .aarch64PCI, .aarch64LegacyMMIO, .riscv64MMIO, .microvmMMIO]

    @Test(arguments: places) func file_fetchedFromQEMUsServer_arrivesByteForByte(_ place: Place) throws {
      let folder = try TemporaryFolder()
      var random = SystemRandomNumberGenerator()
      let contents = (0..<300_000 + Int.random(in: 0..<5000, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      try FileManager.default.createDirectory(atPath: folder.path("served"), withIntermediateDirectories: false)
      try Data(contents).write(to: URL(fileURLWithPath: folder.path("served/file")))
      let capture = Capture(path: folder.path("frames.pcap"))

      // The network does not reach beyond this machine's QEMU.
      let bench = try Bench.network(
        place, net: "user,id=net0,restrict=on,tftp=\(folder.path("served"))",
        arguments: ["-object", "filter-dump,id=dump,netdev=net0,file=\(capture.path)"])
      let visit = Visit(contents: contents)
      try bench.use(.network, visit)
      try bench.expectCleanEnd()

      // Every frame that the stack counted, and none that the analyser objects to.
      #expect(try capture.frames("frame").count == visit.counts.frames)
      #expect(try capture.frames(Capture.objection) == [])
      #expect(try capture.frames("dhcp").count == 4)
      #expect(try capture.frames("tftp.opcode == 3").count == visit.counts.blocks)
    }

    /// The control: the analyser does object.
    @Test(arguments: [
      // An ARP packet that ends too early; a wrong IP checksum; a wrong UDP checksum.
      "ffffffffffff5254001234560806000108000604000152540012",
      "52550a00020252540012345608004500001c000040004011ddc10a00020f0a000202000100020008e7ca",
      "52550a00020252540012345608004500001c00004000401122c10a00020f0a0002020001000200081234",
    ])
    func analyser_ofABadFrame_objects(_ hex: String) throws {
      let folder = try TemporaryFolder()
      // A capture without frames.
      let header: [UInt8] = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8)
      try Data(header + [0, 0, 4, 0, 1, 0, 0, 0]).write(to: URL(fileURLWithPath: folder.path("empty.pcap")))
      let digits = Array(hex)
      let frame = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
      let empty = Capture(path: folder.path("empty.pcap"))
      #expect(try empty.frames("frame") == [])
      let one = try empty.adding(frame, at: folder.path("one.pcap"))
      #expect(try one.frames("frame").count == 1 && one.frames(Capture.objection).count == 1)
    }
  }
}

/// An address, an echo, a file.
private final class Visit: TransportUser {
  private let contents: [UInt8]
  /// Frames in both directions, and blocks of the file.
  private(set) var counts = (frames: 0, blocks: 0)

  init(contents: [UInt8]) { self.contents = contents }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    let card = try NetworkCard(transport, waiter: &waiter)
    var host = NetworkHost(
      port: CardPort(card, memory: bench.machine.memory),
      secret: (.random(in: 0...UInt64.max), .random(in: 0...UInt64.max)))
    let lease = try host.configure(waiter: &waiter)
    #expect(lease.address == IPv4Address(10, 0, 2, 15) && lease.mask == IPv4Address(255, 255, 255, 0))
    // A network that leads nowhere has no router.
    #expect(lease.router == nil && lease.server == IPv4Address(10, 0, 2, 2))
    let server = lease.server
    for byteCount in [0, 56, 1472] { _ = try host.ping(server, byteCount: byteCount, waiter: &waiter) }

    var arrived: [UInt8] = []
    arrived.reserveCapacity(contents.count)
    let transfer = try host.fetch("file", from: server, waiter: &waiter) { block in
      for index in block.indices { arrived.append(block[index]) }
    }
    #expect(arrived == contents)
    #expect(transfer.byteCount == contents.count && transfer.blockByteCount > 512)
    do throws(HostError) {
      _ = try host.fetch("no such file", from: server, waiter: &waiter) { _ in }
      Issue.record("a file that does not exist")
    } catch {
      guard case .fileRefused(1, _) = error else { throw error }
    }

    let (counters, refused) = (host.counters, host.port.refused)
    #expect(refused == 0 && counters.droppedInAll == counters[.unexpected])
    counts = (Int(counters.sent + counters.received), transfer.blockCount + transfer.repetitions)
    #expect(transfer.repetitions == 0)
  }
}
