import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// What a device can say about received frames that is not so: counted drops, and the buffers stay in use.
struct BadFrameTests {
  /// A frame that is wrong, and where it is counted.
  struct Lie: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var count: @Sendable (DropCounters) -> UInt64
    var features = Bit.all
  }

  static func header(
    flags: UInt8 = 0, gso: UInt8 = 0, start: UInt16 = 0, offset: UInt16 = 0, buffers: UInt16 = 1
  ) -> [UInt8] {
    func two(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    return [flags, gso, 0, 0, 0, 0] + two(start) + two(offset) + two(buffers)
  }

  static let lies: [Lie] = [
    Lie(testDescription: "no byte at all", bytes: [], count: { $0.withoutHeader }),
    Lie(testDescription: "11 bytes", bytes: Array(repeating: 0, count: 11), count: { $0.withoutHeader }),
    Lie(testDescription: "a header alone", bytes: header(), count: { $0.short }),
    Lie(testDescription: "13 bytes of frame", bytes: header() + frameBytes(13), count: { $0.short }),
    Lie(testDescription: "no buffers", bytes: header(buffers: 0) + frameBytes(60), count: { $0.missingBuffers }),
    Lie(testDescription: "2 buffers of 1", bytes: header(buffers: 2) + frameBytes(60), count: { $0.missingBuffers }),
    Lie(
      testDescription: "65535 buffers", bytes: header(buffers: 0xffff) + frameBytes(60), count: { $0.missingBuffers }),
    Lie(
      testDescription: "checksum one byte too far", bytes: header(flags: 1, start: 34, offset: 25) + frameBytes(60),
      count: { $0.checksumOutside }),
    Lie(
      testDescription: "checksum at 65535 + 65535",
      bytes: header(flags: 1, start: 0xffff, offset: 0xffff) + frameBytes(60), count: { $0.checksumOutside }),
    Lie(
      testDescription: "a merged TCP packet", bytes: header(flags: 1, gso: 1) + frameBytes(60), count: { $0.notAgreed }),
    Lie(testDescription: "GSO type 0xff", bytes: header(gso: 0xff) + frameBytes(60), count: { $0.notAgreed }),
    Lie(testDescription: "both kinds of tunnel", bytes: header(gso: 0x60) + frameBytes(60), count: { $0.notAgreed }),
    Lie(
      testDescription: "a tunnel, complete", bytes: header(gso: 0x21) + frameBytes(60), count: { $0.notAgreed }),
    Lie(
      testDescription: "a tunnel, verified", bytes: header(flags: 3, gso: 0x41) + frameBytes(60),
      count: { $0.notAgreed }),
    Lie(
      testDescription: "a tunnel, not to be segmented", bytes: header(flags: 1, gso: 0x20) + frameBytes(60),
      count: { $0.notAgreed }),
    Lie(testDescription: "ECN alone", bytes: header(gso: 0x80) + frameBytes(60), count: { $0.notAgreed }),
    Lie(
      testDescription: "partial, with coalescing info", bytes: header(flags: 5) + frameBytes(60),
      count: { $0.notAgreed }),
    Lie(
      testDescription: "tunnel checksum without a tunnel", bytes: header(flags: 9) + frameBytes(60),
      count: { $0.notAgreed }),
    Lie(
      testDescription: "GSO without any offload", bytes: header(gso: 4) + frameBytes(60), count: { $0.notAgreed },
      features: [Bit.mac]),
  ]

  // SPEC: drivernormative:... / Network Device / Device Operation / Processing of Incoming Packets 3, 6, 8
  @Test(arguments: lies) func receive_falseHeader_isDroppedAndCounted(_ lie: Lie) throws {
    let wire = Wire(features: lie.features, queueSize: 4)
    var card = try wire.bringUp()
    // More often than there are buffers: those of dropped frames must come back.
    for round in 1...10 {
      wire.model.put(lie.bytes)
      #expect(isNone(card.pair.receive()) == true)
      #expect(lie.count(card.pair.receiveCounters.drops) == UInt64(round))
      #expect(card.pair.receiveCounters.drops.total == UInt64(round))
      #expect(wire.model.deliver(frameBytes(100, seed: round)))
      guard let frame = card.pair.receive() else {
        Issue.record("a good frame was not delivered in round \(round)")
        return
      }
      #expect(frame.array() == frameBytes(100, seed: round))
      card.pair.recycle(frame)
      card.pair.publish()
      expectBalance(card.pair)
    }
    #expect(card.pair.buffersInFlight == 4 && card.pair.fault == nil)
    #expect(wire.device.violations == [])
  }

  // SPEC: drivernormative:... / Network Device / Device Operation / Processing of Incoming Packets 1
  @Test func receive_unknownFlags_areIgnored() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    wire.model.deliver(frameBytes(60), flags: 0xf0)
    guard let frame = card.pair.receive() else {
      Issue.record("dropped")
      return
    }
    #expect(frame.partialChecksum == nil && frame.isChecksumVerified == false)
  }

  @Test func receive_flagsWithoutTheFeature_meanNothing() throws {
    let wire = Wire(features: Bit.all.subtracting(Bit.guestCsum))
    var card = try wire.bringUp()
    wire.model.deliver(frameBytes(60), flags: 3, csumStart: 0xffff, csumOffset: 0xffff)
    guard let frame = card.pair.receive() else {
      Issue.record("dropped")
      return
    }
    #expect(frame.partialChecksum == nil && frame.isChecksumVerified == false)
  }

  @Test func receive_lengthBeyondTheBuffer_isCutDownAndCounted() throws {
    let wire = Wire(features: Bit.all.subtracting(Bit.mergeable))
    var card = try wire.bringUp()
    wire.device.hostility.usedLength = .max
    wire.model.deliver(frameBytes(60))
    guard let frame = card.pair.receive() else {
      Issue.record("dropped")
      return
    }
    #expect(frame.byteCount <= 1536 && card.pair.receiveState.counters.falseLengths == 1)
    #expect(frame.array().count == frame.byteCount)
  }

  // MARK: Merging

  @Test func receive_mergedFrames_arriveWholeAndRecycled() throws {
    let wire = Wire(queueSize: 16)
    var options = NetworkOptions()
    options.receiveBufferByteCount = 64
    var card = try wire.bringUp(options)
    for size in 60...(16 * 64 - 12) {
      let bytes = frameBytes(size, seed: size)
      #expect(wire.model.deliver(bytes))
      guard let frame = card.pair.receive() else {
        Issue.record("no frame of \(size) bytes")
        return
      }
      #expect(frame.bufferCount == (size + 12 + 63) / 64 && frame.byteCount == size)
      #expect(frame.array() == bytes)
      card.pair.recycle(frame)
      card.pair.publish()
    }
    expectBalance(card.pair)
    #expect(card.pair.receiveCounters.drops.total == 0 && wire.device.violations == [])
  }

  @Test func receive_mergedFrameAtTheLimitOfABatch_isCompleted() throws {
    let wire = Wire(queueSize: 16)
    var options = NetworkOptions()
    options.receiveBufferByteCount = 64
    var card = try wire.bringUp(options)
    for seed in 1...3 { wire.model.deliver(frameBytes(300, seed: seed)) }
    var sizes: [Int] = []
    for _ in 0..<4 { _ = card.pair.receiveBatch(upTo: 2) { sizes.append($0.bufferCount) } }
    #expect(sizes == [5, 5, 5])
    #expect(card.pair.receiveCounters.buffersDelivered == 15)
    expectBalance(card.pair)
  }

  @Test func receive_bufferInTheMiddleNotFull_isDropped() throws {
    let wire = Wire(queueSize: 16)
    var options = NetworkOptions()
    options.receiveBufferByteCount = 64
    var card = try wire.bringUp(options)
    wire.device.poll(queue: 0)
    for (index, count) in [64, 30, 64].enumerated() {
      let head = index == 0 ? Self.header(buffers: 3) : []
      wire.device.complete(
        queue: 0, with: ScriptedReply(bytes: head + Array(repeating: 7, count: count - head.count)))
    }
    #expect(isNone(card.pair.receive()) == true)
    // A batch of one looks at one buffer, and at the rest of the frame that begins with it.
    #expect(card.pair.receiveCounters.drops.gaps == 1 && card.pair.receiveCounters.buffersDropped == 3)
    #expect(card.pair.buffersInFlight == 16)
    expectBalance(card.pair)
  }

  @Test func receive_moreBuffersThanAFrameFills_isDropped() throws {
    let wire = Wire(queueSize: 32)
    var options = NetworkOptions()
    options.receiveBufferByteCount = 256
    var card = try wire.bringUp(options)
    for round in 1...5 {
      // 1530 bytes fill six buffers, and one more may hold none of them; this takes nine.
      #expect(wire.model.deliver(frameBytes(2200)))
      #expect(isNone(card.pair.receive()) == true)
      #expect(card.pair.receiveCounters.drops.tooLong == UInt64(round))
    }
    #expect(card.pair.buffersInFlight == 32 && card.pair.receiveCounters.buffersDropped == 45)
    expectBalance(card.pair)
  }

  @Test func receive_moreMergedFramesKeptThanThereAreLists_dropsThem() throws {
    let wire = Wire(queueSize: 8)
    var options = NetworkOptions()
    options.receiveBufferByteCount = 256
    var card = try wire.bringUp(options)
    var buffers = DMABufferStack(capacity: 64)
    for round in 1...6 {
      #expect(wire.model.deliver(frameBytes(400, seed: round)))
      if let frame = card.pair.receive() {
        // The list stays with the caller, who gives the buffers back by themselves.
        var list = frame.takeSegments()
        while let buffer = list.popLast() { buffers.push(buffer) }
      }
      while let buffer = buffers.pop() { #expect(refusal(card.pair.give(buffer)) == nil) }
      card.pair.publish()
    }
    #expect(card.pair.receiveCounters.frames == 4 && card.pair.receiveCounters.drops.withoutList == 2)
    #expect(card.pair.buffersInFlight == 8)
    expectBalance(card.pair)
  }

  @Test func receive_faultInTheMiddleOfAFrame_dropsItAndFailsTheDevice() throws {
    let wire = Wire(queueSize: 16)
    var options = NetworkOptions()
    options.receiveBufferByteCount = 64
    do {
      var card = try wire.bringUp(options)
      wire.device.poll(queue: 0)
      wire.device.complete(
        queue: 0, with: ScriptedReply(bytes: Self.header(buffers: 3) + Array(repeating: 7, count: 52)))
      wire.device.replayUsedElement(queue: 0)
      #expect(isNone(card.pair.receive()) == true)
      #expect(card.pair.fault != nil && card.pair.receiveCounters.drops.missingBuffers == 1)
      #expect(try card.update() == .failed)
      #expect(wire.device.resetCount == 2 && isNone(card.pair.takeUnused()) == false)
    }
    #expect(wire.memory.buffersInUse == 0 && wire.memory.buffersLost == 0)
  }

  /// Frames that are dropped do not hide those behind them, however many there are.
  @Test(arguments: [1, 3, 15, 16]) func receive_behindDroppedFrames_findsTheNext(_ count: Int) throws {
    let wire = Wire()
    var card = try wire.bringUp()
    for _ in 0..<count { wire.model.put(Self.header(gso: 1) + frameBytes(60)) }
    // A queue of 16 has no buffer left for a 17th.
    let isThere = wire.model.deliver(frameBytes(60))
    #expect(isThere == (count < 16))
    var found: [UInt8] = []
    if let frame = card.pair.receive() { found = frame.array() }
    #expect(found == (isThere ? frameBytes(60) : []))
    #expect(card.pair.receiveCounters.drops.notAgreed == count)
    // The buffers of what was dropped are the device's again.
    #expect(card.pair.buffersInFlight == (isThere ? 15 : 16))
  }
}
