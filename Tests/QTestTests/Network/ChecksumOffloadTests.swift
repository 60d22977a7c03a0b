import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOPCI
import VirtualMachine

extension EmulatedMachines {
  /// Unfinished checksums, with Linux at the other end of a tap device: it finishes them, verifies them, and leaves its
  /// own to the driver.
  @Suite(.ownNetwork) struct ChecksumOffloadTests {
    /// Who finishes checksums: on the way out the device or the driver, on the way in the driver or the device.
    enum Manner: String, CaseIterable, CustomTestStringConvertible {
      case both, sending, receiving, neither
      var testDescription: String { rawValue }
      var deviceCompletes: Bool { self == .both || self == .sending }
      var driverCompletes: Bool { self == .both || self == .receiving }
    }

    static let places: [Place] = [.q35PCI, .q35LegacyPCI, .aarch64LegacyMMIO, .aarch64MMIO]

    @Test(arguments: places, Manner.allCases)
    func datagrams_withUnfinishedChecksums_areFinishedByOneSide(_ place: Place, _ manner: Manner) throws {
      let network = try TapNetwork()
      let bench = try Bench.network(
        place, net: network.backend, properties: ",mac=52:54:00:12:34:56", arguments: [], files: network.queues)
      try bench.use(.network, Datagrams(network: network, manner: manner))
      try bench.expectCleanEnd()
    }
  }
}

/// To the kernel, from the kernel, and through it.
private struct Datagrams: TransportUser {
  let network: TapNetwork
  let manner: EmulatedMachines.ChecksumOffloadTests.Manner
  /// Odd ones and even ones, none, and all that a frame takes.
  private static let sizes = [0, 1, 2, 31, 512, 1471, 1472]

  private static func payload(_ size: Int, _ seed: UInt8) -> [UInt8] {
    Array(pattern(sector: UInt64(size), count: 3, seed: seed)[..<size])
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var options = NetworkOptions()
    if !manner.deviceCompletes { options.features.remove(.Network.checksum) }
    if !manner.driverCompletes { options.features.remove(.Network.receiveChecksum) }
    var card = try NetworkCard(transport, options: options, waiter: &waiter)
    #expect(card.features.contains(.Network.checksum) == manner.deviceCompletes)
    #expect(card.features.contains(.Network.receiveChecksum) == manner.driverCompletes)
    for size in Self.sizes {
      try tryBothWays(size, &card.pair, bench, &waiter)
      try tryThroughTheKernel(size, &card.pair, bench, &waiter)
    }
    try tryWithoutTheFlag(&card.pair, bench, &waiter)
    let (sent, received) = (card.pair.transmitCounters, card.pair.receiveCounters)
    let partial = UInt64(2 * Self.sizes.count + 1)
    #expect(sent.checksumsCompleted == (manner.deviceCompletes ? 0 : partial))
    #expect(sent.accepted == sent.sent && sent.refused == 0 && received.drops.total == 0)
    #expect(received.buffersGiven == received.buffersDelivered + UInt64(card.pair.buffersInFlight))
  }

  /// The kernel delivers what was sent, and its answer says of its checksum what is the case.
  private func tryBothWays<T: Transport & ~Copyable>(
    _ size: Int, _ pair: inout NetworkQueuePair<T>, _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    let payload = Self.payload(size, 0x5a)
    try pair.transmit(
      Datagram(from: TapNetwork.guest, to: TapNetwork.host, payload: payload), partial: Datagram.partial, bench, &waiter
    )
    #expect(network.receive(waiter: &waiter) == .init(port: TapNetwork.guest.port, payload: payload))

    let answer = Self.payload(size, 0xa5)
    try network.send(answer, port: TapNetwork.guest.port)
    let arrival = try #require(try pair.arrival(waiter: &waiter))
    #expect(arrival.before.port == TapNetwork.guest.port && arrival.before.senderPort == TapNetwork.host.port)
    #expect(arrival.before.payload == answer)
    expectUnfinished(arrival, manner.driverCompletes, "an answer of \(size) bytes")
    #expect(!arrival.isVerified)
  }

  /// What is not for the kernel it passes on, here to where it came from: the checksum as unfinished as it was, or
  /// finished by the kernel where the driver does not take it otherwise; a finished one with the kernel's word.
  private func tryThroughTheKernel<T: Transport & ~Copyable>(
    _ size: Int, _ pair: inout NetworkQueuePair<T>, _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    let payload = Self.payload(size, 0x3c)
    let datagram = Datagram(from: TapNetwork.stranger, to: TapNetwork.guest, payload: payload)
    try pair.transmit(datagram, partial: Datagram.partial, bench, &waiter)
    let arrival = try #require(try pair.arrival(waiter: &waiter))
    #expect(arrival.before.senderPort == TapNetwork.stranger.port && arrival.before.payload == payload)
    #expect(arrival.before.timeToLive == datagram.timeToLive - 1)
    expectUnfinished(arrival, manner == .both, "a forwarded datagram of \(size) bytes")
    #expect(arrival.isVerified == (manner == .receiving), "a forwarded datagram of \(size) bytes")
  }

  private func expectUnfinished(_ arrival: Arrival, _ isUnfinished: Bool, _ note: Comment) {
    let before = arrival.before
    #expect(arrival.partial == (isUnfinished ? Datagram.partial : nil), note)
    #expect(before.isRight == !isUnfinished, note)
    if isUnfinished { #expect(before.checksum == before.pseudoHeaderSum, note) }
    #expect(arrival.after.isRight, note)
  }

  /// The control: without the flag the kernel sees a wrong checksum and drops the datagram; the next one arrives.
  private func tryWithoutTheFlag<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    for (seed, partial) in [(1, nil), (2, Datagram.partial)] as [(UInt8, PartialChecksum?)] {
      let datagram = Datagram(from: TapNetwork.guest, to: TapNetwork.host, payload: Self.payload(100, seed))
      #expect(!datagram.isRight)
      try pair.transmit(datagram, partial: partial, bench, &waiter)
    }
    #expect(network.receive(waiter: &waiter)?.payload == Self.payload(100, 2))
    #expect(network.receive() == nil)
  }
}
