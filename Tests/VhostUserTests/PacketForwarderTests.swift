import DevicePlatform
import Foundation
import Testing
import VhostUser
import VirtIO
import VirtIONetwork

/// The network driver against a back-end that polls on a processor of its own and sends every frame back.
@Suite(.serialized, .timeLimit(.minutes(10))) struct PacketForwarderTests {
  /// How many frames go each way; more in a soak.
  static let frameCount = ProcessInfo.processInfo.environment["VIREO_SOAK_FRAMES"].flatMap { Int($0) } ?? 200_000

  /// What the driver leaves out.
  enum Manner: String, CaseIterable, CustomTestStringConvertible {
    case all, oneBufferEach, noEventIndex, plain
    var testDescription: String { rawValue }

    var without: FeatureSet {
      switch self {
      case .all: []
      case .oneBufferEach: .Network.mergeableBuffers
      case .noEventIndex: [.eventIndex]
      case .plain: FeatureSet.Network.mergeableBuffers.union([.eventIndex, .indirectDescriptors])
      }
    }
  }

  /// Each frame that was sent is one that came back, whole and in its turn, or one that the back-end counted as dropped.
  @Test(arguments: Manner.allCases) func frames_sentBack_areAllAccountedFor(_ manner: Manner) throws {
    let forwarder = try PacketForwarder()
    var options = VhostUserOptions()
    options.interrupts = .ignored
    options.memoryByteCount = 16 << 20
    let device = try forwarder.connect(options)
    #expect(!device.features.contains(.Network.controlQueue) && device.offer.configuration.isEmpty)
    var waiter = device.makeWaiter()
    do {
      var options = NetworkOptions()
      options.features.subtract(manner.without)
      options.fallbackAddress = MACAddress(2, 0, 0, 0, 0, 1)
      var card = try NetworkCard(device.makeTransport(), options: options, waiter: &waiter)
      #expect(card.layout.mergesBuffers == !manner.without.contains(.Network.mergeableBuffers))
      var flow = try FrameFlow(device.memory)
      flow.run(&card.pair, count: Self.frameCount, waiter: &waiter)

      let counts = try forwarder.stop()
      // What it sent after a long sleep; the memory is still there.
      flow.drain(&card.pair)
      let (sent, received, mistakes) = (flow.sent, flow.received, flow.mistakes)
      #expect(sent == Self.frameCount && mistakes == 0)
      #expect(counts.received == sent && counts.receivedDropped == 0)
      #expect(counts.received == counts.sent + counts.sentDropped)
      // Many times what the queue has without being given buffers again.
      #expect(counts.sent == received && received > 10 * card.pair.receiveCapacity)
      let (out, back) = (card.pair.transmitCounters, card.pair.receiveCounters)
      #expect(out.sent == UInt64(sent) && back.frames == UInt64(received) && back.drops.total == 0)
      #expect(card.pair.transmitState.counters.falseLengths == 0 && card.pair.receiveState.counters.falseLengths == 0)
      // The back-end is gone and has let go of everything.
      try card.shutDown(waiter: &waiter)
    }
    #expect(device.memory.buffersInUse == 0 && device.memory.buffersLost == 0)
  }

  /// Frames that nobody takes any more are not waited for without end.
  @Test func flow_toABackEndThatIsGone_ends() throws {
    let forwarder = try PacketForwarder()
    var options = VhostUserOptions()
    options.interrupts = .ignored
    options.memoryByteCount = 16 << 20
    let device = try forwarder.connect(options)
    var waiter = device.makeWaiter()
    var wishes = NetworkOptions()
    wishes.fallbackAddress = MACAddress(2, 0, 0, 0, 0, 1)
    var card = try NetworkCard(device.makeTransport(), options: wishes, waiter: &waiter)
    _ = try forwarder.stop()
    var flow = try FrameFlow(device.memory)
    flow.run(&card.pair, count: Self.frameCount, patience: .seconds(1), waiter: &waiter)
    let (sent, received, left) = (flow.sent, flow.received, card.pair.transmitsInFlight)
    #expect(sent < Self.frameCount && left == sent && received == 0)
  }

  /// Of this system's lists of processors.
  @Test func processors_ofAList_areItsNumbers() {
    #expect(PacketForwarder.numbers(in: "\t0-1") == [0, 1])
    #expect(PacketForwarder.numbers(in: "3") == [3])
    #expect(PacketForwarder.numbers(in: "0-2,5,8-9") == [0, 1, 2, 5, 8, 9])
    for list in ["", "x", "2-1", "1-2-3"] as [Substring] {
      #expect(PacketForwarder.numbers(in: list) == nil)
    }
  }

  /// The control: a frame that nobody sent is a mistake.
  @Test func flow_ofAStrangersFrame_isAMistake() {
    #expect(FrameFlow.number(of: FrameFlow.bytes(7).span, from: 7) == 7)
    #expect(FrameFlow.number(of: FrameFlow.bytes(7).span, from: 8) == nil)
    #expect(FrameFlow.number(of: FrameFlow.bytes(7).span.extracting(0..<63), from: 0) == nil)
    for index in 0..<FrameFlow.byteCount {
      var changed = FrameFlow.bytes(7)
      changed[index] ^= 1
      #expect(FrameFlow.number(of: changed.span, from: 0) == nil)
    }
  }
}
