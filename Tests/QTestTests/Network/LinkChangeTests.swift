import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOPCI
import VirtualMachine

extension EmulatedMachines {
  /// A link that goes down and comes back while frames are on their way in both directions.
  @Suite struct LinkChangeTests {
    static let places: [Place] = [.q35PCI, .q35LegacyPCI, .aarch64LegacyMMIO, .aarch64MMIO]

    @Test(arguments: places) func link_changedWhileFramesFlow_losesOnlyWhatItMay(_ place: Place) throws {
      let cable = try Cable()
      let bench = try Bench.network(place, cable)
      try bench.use(.network, Interruptions(cable: cable))
      try bench.expectCleanEnd()
    }

    /// The control: what may not happen to a flow.
    @Test(arguments: [[0], [0, 1, 1, 5], [1, 0, 5], [0, 5, 1], [0, 1, 3, 5], [0, 2, 5], [0, 1, 4, 5], [1, 5]])
    func flow_inWhichAFrameIsWhereItMayNotBe_isNotConsistent(_ arrived: [Int]) {
      let fates: [NumberedFlow.Fate] = [.arrives, .mayBeLost, .mayBeLost, .mayBeLost, .isLost, .arrives]
      #expect(!NumberedFlow.isConsistent(arrived, fates))
      for right in [[0, 5], [0, 1, 5], [0, 1, 2, 5], [0, 1, 2, 3, 5]] {
        #expect(NumberedFlow.isConsistent(right, fates))
      }
    }
  }
}

private struct Interruptions: TransportUser {
  let cable: Cable
  private static let rounds = 12

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var card = try NetworkCard(transport, waiter: &waiter)
    let interrupts = card.makeInterruptHandle()
    var flow = NumberedFlow(cable: cable)
    for round in 0..<Self.rounds {
      try flow.sendAndPush(&card.pair, bench, fate: .arrives)
      try flow.settle(&card.pair, &waiter)
      // These are on their way when the link goes.
      try flow.sendAndPush(&card.pair, bench, fate: .mayBeLost)
      try setLink(false, &card, interrupts, bench, &waiter)
      try flow.sendAndPush(&card.pair, bench, fate: .isLost)
      try flow.sendAndPush(&card.pair, bench, fate: .isLost)
      try flow.settle(&card.pair, &waiter)
      try setLink(true, &card, interrupts, bench, &waiter)
      #expect(flow.isConsistent, "round \(round)")
    }
    try flow.sendAndPush(&card.pair, bench, fate: .arrives)
    try flow.settle(&card.pair, &waiter)
    #expect(flow.isConsistent && flow.strangers == 0)

    // Every frame was given back, and every frame that was seen is counted; neither side of a link counts for the other.
    let (sent, received) = (card.pair.transmitCounters, card.pair.receiveCounters)
    let burst = NumberedFlow.burst
    #expect(sent.accepted == UInt64((4 * Self.rounds + 1) * burst) && sent.sent == sent.accepted)
    #expect(received.frames == UInt64(flow.arrivedIn.count) && received.drops.total == 0)
    #expect(received.buffersGiven == received.buffersDelivered + UInt64(card.pair.buffersInFlight))
    #expect(card.status.contains(.driverOK))
  }

  /// The monitor's order, and the event that tells the driver of it.
  private func setLink<T: Transport & ~Copyable>(
    _ isUp: Bool, _ card: inout NetworkCard<T>, _ interrupts: borrowing InterruptHandle<T.Interrupts>, _ bench: Bench,
    _ waiter: inout QTestWaiter
  ) throws {
    try bench.machine.monitor.execute("set_link", ["name": .string("card"), "up": .boolean(isUp)])
    // The line is up: what its handler does.
    #expect(interrupts.handleInterrupt())
    let changes = try card.update()
    #expect(changes.contains(.link) && !changes.contains(.failed))
    #expect(card.isLinkUp == isUp)
    let again = try card.update()
    #expect(again == [])
  }
}

/// Frames with numbers in both directions, and what is to become of them.
private struct NumberedFlow {
  enum Fate { case arrives, mayBeLost, isLost }
  static let burst = 16

  let cable: Cable
  /// By number; the same for both directions.
  private var fates: [Fate] = []
  /// The numbers that the driver received.
  private(set) var arrivedIn: [Int] = []
  /// The numbers that came off the cable.
  private(set) var arrivedOut: [Int] = []
  /// Frames that nobody sent.
  private(set) var strangers = 0

  init(cable: Cable) { self.cable = cable }

  private static func frame(_ number: Int, seed: UInt8) -> [UInt8] {
    var frame = Array(pattern(sector: UInt64(number), count: 3, seed: seed)[..<(60 + number * 53 % 1440)])
    // To everybody.
    frame.replaceSubrange(0..<6, with: [UInt8](repeating: 0xff, count: 6))
    frame.replaceSubrange(12..<16, with: [0x88, 0xb5, UInt8(number >> 8), UInt8(number & 255)])
    return frame
  }

  /// Shows a burst of frames to the device, and puts as many on the cable.
  mutating func sendAndPush<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ bench: Bench, fate: Fate
  ) throws {
    for number in fates.count..<fates.count + Self.burst {
      let bytes = Self.frame(number, seed: 0x5a)
      var buffer = try bench.machine.memory.allocate(byteCount: bytes.count)
      buffer.fill(with: bytes[...])
      if case .refused(let refusal, _) = pair.send(OutgoingFrame(buffer, byteCount: bytes.count)) {
        Issue.record("frame \(number) refused: \(refusal)")
      }
      try cable.send(Self.frame(number, seed: 0xa5))
      fates.append(fate)
    }
    pair.publish()
  }

  /// Waits until the device has had everything, and until everything that arrives has arrived.
  mutating func settle<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ waiter: inout QTestWaiter
  ) throws {
    let deadline = waiter.now + .seconds(10)
    while waiter.now < deadline {
      _ = pair.reclaimBatch(upTo: 64) { _ in }
      takeArrivals(&pair)
      if pair.transmitsInFlight == 0, cable.isTaken, missing(arrivedIn) == 0, missing(arrivedOut) == 0 { break }
      waiter.wait(until: deadline)
    }
    #expect(pair.transmitsInFlight == 0 && cable.isTaken)
  }

  private mutating func takeArrivals<T: Transport & ~Copyable>(_ pair: inout NetworkQueuePair<T>) {
    while let frame = pair.receive() {
      note(frame.array(), seed: 0xa5, in: \.arrivedIn)
      pair.recycle(frame)
    }
    pair.publish()
    while let bytes = cable.receive() { note(bytes, seed: 0x5a, in: \.arrivedOut) }
  }

  private mutating func note(_ bytes: [UInt8], seed: UInt8, in list: WritableKeyPath<Self, [Int]>) {
    let number = bytes.count < 16 ? -1 : Int(bytes[14]) << 8 | Int(bytes[15])
    if number >= 0, number < fates.count, bytes == Self.frame(number, seed: seed) {
      self[keyPath: list].append(number)
    } else {
      strangers += 1
    }
  }

  private func missing(_ arrived: [Int]) -> Int { Self.missing(arrived, fates) }

  /// How many of those that arrive have not arrived.
  private static func missing(_ arrived: [Int], _ fates: [Fate]) -> Int {
    fates.count { $0 == .arrives } - arrived.count { fates[$0] == .arrives }
  }

  /// Both directions are as they have to be.
  var isConsistent: Bool { Self.isConsistent(arrivedIn, fates) && Self.isConsistent(arrivedOut, fates) }

  /// In order, none twice, all that had to, none that could not; and of those in between none behind one that was lost.
  static func isConsistent(_ arrived: [Int], _ fates: [Fate]) -> Bool {
    missing(arrived, fates) == 0 && !arrived.contains { fates[$0] == .isLost }
      && zip([-1] + arrived, arrived).allSatisfy { before, number in
        before < number
          && (before == number - 1 || fates[number] != .mayBeLost || fates[number - 1] != .mayBeLost)
      }
  }
}
