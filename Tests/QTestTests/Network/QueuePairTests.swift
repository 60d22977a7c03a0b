import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOPCI
import VirtualMachine

extension EmulatedMachines {
  /// Several pairs of queues, with Linux at the other end of a tap device of as many: it answers where it was asked.
  @Suite(.ownNetwork) struct QueuePairTests {
    static let places: [Place] = [.q35PCI, .q35LegacyPCI, .aarch64LegacyMMIO, .aarch64MMIO]

    @Test(arguments: places) func pairs_eachWithAFlow_sendAndReceiveTheirOwn(_ place: Place) throws {
      let network = try TapNetwork(queueCount: 2)
      let bench = try Bench.network(
        place, net: network.backend, properties: ",mq=on,mac=52:54:00:12:34:56", arguments: [], files: network.queues)
      try bench.use(.network, TwoPairs(network: network))
      try bench.expectCleanEnd()
    }
  }
}

/// A flow on each of two pairs; then both on one.
private struct TwoPairs: TransportUser {
  let network: TapNetwork
  private static let rounds = 50
  private static let burst = 32

  private static func payload(_ flow: Int, _ number: Int) -> [UInt8] { [UInt8(flow), UInt8(number)] + [1, 2, 3] }
  private static func guest(_ flow: Int) -> Station {
    Station(card: TapNetwork.guest.card, address: TapNetwork.guest.address, port: TapNetwork.guest.port + UInt16(flow))
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var options = NetworkOptions()
    options.pairs = 2
    var card = try NetworkCard(transport, options: options, waiter: &waiter)
    #expect(card.features.contains(.Network.queuePairs) && card.pairLimit == 2 && card.activePairCount == 1)
    let isEarly = card.takePair(1) != nil
    #expect(!isEarly)
    try card.usePairs(2, waiter: &waiter)
    guard var second = card.takePair(1) else {
      Issue.record("no second pair")
      return
    }
    for round in 0..<Self.rounds {
      try exchange(0, round, over: &card.pair, notOver: &second, bench, &waiter)
      try exchange(1, round, over: &second, notOver: &card.pair, bench, &waiter)
    }
    try sendAtOnce(&card.pair, &second, bench, &waiter)

    let (first, other) = (card.pair.transmitCounters, second.transmitCounters)
    #expect(first.sent == UInt64(Self.rounds + Self.burst) && first.sent == first.accepted)
    #expect(first == other)
    expectReceived(card.pair.receiveCounters, inFlight: card.pair.buffersInFlight)
    expectReceived(second.receiveCounters, inFlight: second.buffersInFlight)
    let (one, two) = (card.pair.fault, second.fault)
    #expect(one == nil && two == nil)

    // The device turns to the first pair with everything.
    card.putBack(second)
    try card.usePairs(1, waiter: &waiter)
    #expect(card.activePairCount == 1)
    for flow in 0..<2 {
      try send(flow, 200, over: &card.pair, bench, &waiter)
      try answer(flow, 200, over: &card.pair, &waiter)
    }
    #expect(card.pair.receiveCounters.frames == UInt64(Self.rounds + 2))
  }

  private func expectReceived(_ counters: ReceiveCounters, inFlight: Int) {
    #expect(counters.frames == UInt64(Self.rounds) && counters.drops.total == 0)
    #expect(counters.buffersGiven == counters.buffersDelivered + UInt64(inFlight))
  }

  /// A datagram out over one pair; the answer comes in over the same, and nothing over the other.
  private func exchange<T: Transport & ~Copyable>(
    _ flow: Int, _ number: Int, over pair: inout NetworkQueuePair<T>, notOver other: inout NetworkQueuePair<T>,
    _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    try send(flow, number, over: &pair, bench, &waiter)
    try answer(flow, number, over: &pair, &waiter)
    let isAstray = other.receive() != nil
    #expect(!isAstray, "flow \(flow), round \(number)")
  }

  private func send<T: Transport & ~Copyable>(
    _ flow: Int, _ number: Int, over pair: inout NetworkQueuePair<T>, _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    let payload = Self.payload(flow, number)
    try pair.transmit(
      Datagram(from: Self.guest(flow), to: TapNetwork.host, payload: payload), partial: Datagram.partial, bench, &waiter
    )
    #expect(network.receive(waiter: &waiter) == .init(port: Self.guest(flow).port, payload: payload))
  }

  private func answer<T: Transport & ~Copyable>(
    _ flow: Int, _ number: Int, over pair: inout NetworkQueuePair<T>, _ waiter: inout QTestWaiter
  ) throws {
    try network.send(Self.payload(flow, number), port: Self.guest(flow).port)
    let arrival = try #require(try pair.arrival(waiter: &waiter))
    #expect(arrival.before.port == Self.guest(flow).port && arrival.before.payload == Self.payload(flow, number))
  }

  /// A burst on each pair before either is looked after: each flow arrives whole and in its order.
  private func sendAtOnce<T: Transport & ~Copyable>(
    _ first: inout NetworkQueuePair<T>, _ second: inout NetworkQueuePair<T>, _ bench: Bench,
    _ waiter: inout QTestWaiter
  ) throws {
    for number in 0..<Self.burst {
      for flow in 0..<2 {
        let datagram = Datagram(from: Self.guest(flow), to: TapNetwork.host, payload: Self.payload(flow, number))
        if flow == 0 {
          try first.submit(datagram, partial: Datagram.partial, bench)
        } else {
          try second.submit(datagram, partial: Datagram.partial, bench)
        }
      }
    }
    first.publish()
    second.publish()
    var flows: [[TapNetwork.Arrival]] = [[], []]
    while flows[0].count + flows[1].count < 2 * Self.burst, let arrival = network.receive(waiter: &waiter) {
      flows[arrival.port == Self.guest(0).port ? 0 : 1].append(arrival)
    }
    for flow in 0..<2 {
      #expect(
        flows[flow]
          == (0..<Self.burst).map { .init(port: Self.guest(flow).port, payload: Self.payload(flow, $0)) })
    }
    first.finish(&waiter)
    second.finish(&waiter)
  }
}
