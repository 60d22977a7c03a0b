import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// Frames both ways, and the headers around them.
struct FrameTests {
  /// What decides about the header's size.
  enum Shape: CaseIterable {
    case modern, modernMerging, legacy, legacyMerging

    var isLegacy: Bool { self == .legacy || self == .legacyMerging }
    var merges: Bool { self == .modernMerging || self == .legacyMerging }
    var headerByteCount: Int { self == .legacy ? 10 : 12 }

    func wire(_ features: FeatureSet = Bit.all) -> Wire {
      Wire(features: merges ? features : features.subtracting(Bit.mergeable), queueSize: 64, isLegacy: isLegacy)
    }
  }

  // SPEC: drivernormative:... / Network Device / Device Operation / Packet Transmission 1, 2
  // SPEC: drivernormative:... / Network Device / Device Operation / Setting Up Receive Buffers 2
  @Test(arguments: Shape.allCases) func frames_everySize_passBothWaysByteForByte(_ shape: Shape) throws {
    let wire = shape.wire()
    var card = try wire.bringUp()
    #expect(card.layout.headerByteCount == shape.headerByteCount)
    for size in 14...1514 {
      let bytes = frameBytes(size, seed: size)
      #expect(refusal(card.pair.send(try wire.frame(bytes, from: size & 7))) == nil)
      card.pair.publish()
      #expect(wire.model.sent.last?.frame == bytes)
      #expect(wire.model.sent.last?.header == Array(repeating: 0, count: shape.headerByteCount))
      var returned = 0
      while let frame = card.pair.reclaim() {
        #expect(frame.wasSent == true)
        let count = frame.takeBuffer().count
        #expect(count == size + size & 7)
        returned += 1
      }
      #expect(returned == 1)

      #expect(wire.model.deliver(bytes))
      guard let frame = card.pair.receive() else {
        Issue.record("no frame of \(size) bytes")
        return
      }
      #expect(frame.byteCount == size && frame.bufferCount == 1 && frame.offset == shape.headerByteCount)
      #expect(frame.array() == bytes)
      card.pair.recycle(frame)
      card.pair.publish()
    }
    expectBalance(card.pair)
    #expect(card.pair.receiveCounters.frames == 1501 && card.pair.receiveCounters.drops.total == 0)
    #expect(card.pair.transmitCounters.sent == 1501)
    #expect(card.pair.receiveCounters.bytes == card.pair.transmitCounters.bytes)
    #expect(wire.device.violations == [])
  }

  @Test func batches_manyFrames_ringOneDoorbellEach() throws {
    let wire = Wire(queueSize: 64)
    var card = try wire.bringUp()
    var next = 0
    let before = wire.device.notifications.count
    let taken = try withFrames(wire, 40) { stack in
      card.pair.sendBatch(
        upTo: 100,
        source: {
          guard let buffer = stack.pop() else { return nil }
          next += 1
          return OutgoingFrame(buffer, byteCount: 60 + next)
        }, refused: { refusal, _ in Issue.record("\(refusal.words)") })
    }
    #expect(taken == 40 && wire.device.notifications.count == before + 1)
    #expect(wire.model.sent.map(\.frame.count) == Array(61...100))
    #expect(card.pair.transmitsInFlight == 40)
    var allSent = true
    let reclaimed = card.pair.reclaimBatch(upTo: 100) { if !$0.wasSent { allSent = false } }
    #expect(reclaimed == 40 && allSent)
    for size in 100..<132 { #expect(wire.model.deliver(frameBytes(size, seed: size))) }
    // Kept and given back in another order.
    var kept: [[UInt8]] = []
    var buffers = DMABufferStack(capacity: 64)
    let received = card.pair.receiveBatch(upTo: 64) { frame in
      kept.append(frame.array())
      buffers.push(frame.takeBuffer())
    }
    #expect(received == 32)
    #expect(kept == (100..<132).map { frameBytes($0, seed: $0) })
    let rung = wire.device.notifications.count
    let given = card.pair.giveBatch(
      upTo: 64, source: { buffers.pop() }, refused: { refusal, _ in Issue.record("\(refusal.words)") })
    #expect(given == 32)
    #expect(wire.device.notifications.count <= rung + 1)
    expectBalance(card.pair)
    #expect(wire.device.violations == [])
  }

  @Test func sendBatch_badFrameInTheMiddle_handsItBackAndKeepsTheRest() throws {
    let wire = Wire(queueSize: 64)
    var card = try wire.bringUp()
    var asked = 0
    var reason: FrameRefusal?
    let taken = try withFrames(wire, 5) { stack in
      card.pair.sendBatch(
        upTo: 5,
        source: {
          asked += 1
          guard let buffer = stack.pop() else { return nil }
          return OutgoingFrame(buffer, byteCount: asked == 3 ? 13 : 60)
        },
        refused: { refusal, frame in
          reason = refusal
          #expect(frame.byteCount == 13)
        })
    }
    #expect(taken == 2 && reason == .tooShort(byteCount: 13, minimum: 14))
    #expect(card.pair.transmitCounters.accepted == 2 && card.pair.transmitCounters.refused == 1)
    #expect(card.pair.transmitCounters.bytes == 120)
    #expect(wire.model.sent.count == 2 && wire.device.violations == [])
  }

  @Test func send_moreThanFit_refusesFullAndHandsTheFrameBack() throws {
    let wire = Wire(queueSize: 8)
    wire.device.setManual(true, queue: 1)
    var card = try wire.bringUp()
    for index in 0..<card.pair.transmitCapacity {
      #expect(refusal(card.pair.send(try wire.frame(frameBytes(60 + index)))) == nil)
    }
    card.pair.publish()
    guard case .refused(.queue(.full), let frame) = card.pair.send(try wire.frame(frameBytes(99), from: 4)) else {
      Issue.record("the queue took more than it can")
      return
    }
    #expect(frame.byteCount == 99 && frame.offset == 4)
    wire.device.completeAll(queue: 1, order: .newestFirst)
    let reclaimed = card.pair.reclaimBatch(upTo: 100) { _ in }
    #expect(reclaimed == card.pair.transmitCapacity)
    expectBalance(card.pair)
    #expect(wire.device.violations == [])
  }

  @Test func send_segments_arriveAsOneFrame() throws {
    for shape in Shape.allCases {
      let wire = shape.wire()
      var card = try wire.bringUp()
      let bytes = frameBytes(700, seed: 3)
      var list = SegmentList(capacity: 4)
      var position = 0
      for size in [13, 1, 400, 286] {
        var buffer = try wire.memory.allocate(byteCount: size)
        for index in 0..<size { buffer[index] = bytes[position + index] }
        list.append(buffer)
        position += size
      }
      #expect(refusal(card.pair.send(list)) == nil)
      card.pair.publish()
      #expect(wire.model.sent.map(\.frame) == [bytes])
      guard let sent = card.pair.reclaim() else {
        Issue.record("nothing came back")
        return
      }
      let isList = sent.isSegmentList
      let count = sent.takeSegments().count
      #expect(isList && count == 4)
      #expect(wire.device.violations == [])
    }
  }

  /// Buffers of 2048 bytes on a stack.
  private func withFrames(_ wire: Wire, _ count: Int, _ body: (inout DMABufferStack) -> Int) throws -> Int {
    var stack = DMABufferStack(capacity: count)
    for _ in 0..<count { stack.push(try wire.memory.allocate(byteCount: 2048)) }
    return body(&stack)
  }
}
