import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

@testable import HostileDevice

/// What is checked of the network driver can fail: values that are not right, and a caller who loses buffers.
struct NetworkControlTests {
  private func findings(_ byteCount: Int, _ parts: [Int], _ partial: PartialChecksum? = nil) -> [String] {
    NetworkCaller.findings(byteCount, parts, partial)
  }

  @Test func frames_thatCannotBe_areSeen() {
    #expect(findings(14, [14]) == [])
    #expect(findings(13, [13]) == ["a frame of 13 bytes came in"])
    #expect(findings(60, [40, 20]) == [])
    #expect(findings(60, [40, 19]) == ["a frame of 60 bytes has 59"])
    #expect(findings(60, []) == ["a frame of 60 bytes has 0"])
    #expect(findings(60, [60], PartialChecksum(start: 50, offset: 8)) == [])
    #expect(findings(60, [60], PartialChecksum(start: 50, offset: 9)) == ["a checksum outside of its frame"])
  }

  @Test func framesSent_thatDoNotAddUp_areSeen() {
    var counters = TransmitCounters()
    counters.accepted = 6
    counters.sent = 3
    counters.returned = 2
    #expect(NetworkCaller.findings(counters, inFlight: 1) == [])
    for inFlight in [0, 2] { #expect(NetworkCaller.findings(counters, inFlight: inFlight).count == 1) }
  }

  @Test func receiveBuffers_thatDoNotAddUp_areSeen() {
    var counters = ReceiveCounters()
    counters.buffersGiven = 10
    counters.buffersDelivered = 4
    counters.buffersDropped = 3
    counters.buffersReturned = 2
    (counters.frames, counters.bytes) = (3, 42)
    #expect(NetworkCaller.findings(counters, inFlight: 1) == [])
    for inFlight in [0, 2] { #expect(NetworkCaller.findings(counters, inFlight: inFlight).count == 1) }
    counters.bytes = 41
    #expect(NetworkCaller.findings(counters, inFlight: 1).count == 1)
    (counters.frames, counters.bytes) = (5, 100)
    #expect(NetworkCaller.findings(counters, inFlight: 1).count == 1)
  }

  /// One segment: the caller has all receive buffers, which come back when the device behaves.
  private func findings<Driver: HostileDriver>(_ type: Driver.Type) -> [String] { runHostile(type, [0, 3, 5, 0]) }

  @Test func bufferKeptAsideAfterAReset_isMissedWhenItIsNotAskedFor() {
    #expect(findings(AsksForKeptBuffers.self) == [])
    #expect(findings(LeavesKeptBuffers.self) == ["1 buffers never came back"])
  }
}

/// A caller whose only receive buffer was used for no frame, which nobody had seen before the reset: the driver keeps it
/// aside, and hands it out when it is asked.
protocol KeptBuffers: HostileDriver {
  var good: NetworkTarget { get }
  var asks: Bool { get }
}

extension KeptBuffers {
  var device: ScriptedDevice { good.device }

  func live<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) {
    var waiter = session.waiter
    guard var card = try? NetworkCard(transport, options: good.options, waiter: &waiter) else {
      return session.bringUpFailed()
    }
    var caller = NetworkCaller(session, ownsBuffers: true)
    caller.give(&card.pair, byteCount: card.pair.layout.smallestBufferByteCount)
    card.pair.publish()
    // A header, and no frame behind it.
    good.model.put([UInt8](repeating: 0, count: 12))
    let isOver = (try? card.shutDown(waiter: &waiter, timeout: .seconds(1))) != nil
    caller.finish(&card.pair, isOver: isOver, asksForUnused: asks)
  }

  func serve<T: Transport & ~Copyable>(_ transport: consuming T, _ session: HostileSession) throws {
    try good.serve(transport, session)
  }
}

struct AsksForKeptBuffers: KeptBuffers {
  let good: NetworkTarget
  let asks = true
  init(_ setup: HostileSetup) { good = NetworkTarget(setup) }
}

struct LeavesKeptBuffers: KeptBuffers {
  let good: NetworkTarget
  let asks = false
  init(_ setup: HostileSetup) { good = NetworkTarget(setup) }
}
