import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// What a caller can ask for that cannot be done: refused, with what it gave.
struct RefusalTests {
  // SPEC: drivernormative:... / Network Device / Device configuration layout 4
  @Test func send_lengthsAndPlacesOutOfRange_areRefused() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    let cases: [(offset: Int, count: Int, size: Int, FrameRefusal)] = [
      (0, 0, 100, .tooShort(byteCount: 0, minimum: 14)), (0, 13, 100, .tooShort(byteCount: 13, minimum: 14)),
      (0, 1515, 2048, .tooLong(byteCount: 1515, limit: 1514)),
      (0, 101, 100, .outsideBuffer(offset: 0, byteCount: 101, bufferByteCount: 100)),
      (50, 51, 100, .outsideBuffer(offset: 50, byteCount: 51, bufferByteCount: 100)),
      (-1, 60, 100, .outsideBuffer(offset: -1, byteCount: 60, bufferByteCount: 100)),
      (101, 14, 100, .outsideBuffer(offset: 101, byteCount: 14, bufferByteCount: 100)),
      (0, -1, 100, .outsideBuffer(offset: 0, byteCount: -1, bufferByteCount: 100)),
      (.max, 60, 100, .outsideBuffer(offset: .max, byteCount: 60, bufferByteCount: 100)),
      (60, .max, 100, .outsideBuffer(offset: 60, byteCount: .max, bufferByteCount: 100)),
      (0, 60 + 1 << 32, 100, .outsideBuffer(offset: 0, byteCount: 60 + 1 << 32, bufferByteCount: 100)),
    ]
    for (offset, count, size, expected) in cases {
      let frame = OutgoingFrame(try wire.memory.allocate(byteCount: size), from: offset, byteCount: count)
      guard case .refused(let reason, let same) = card.pair.send(frame) else {
        Issue.record("\(offset), \(count) was taken")
        continue
      }
      #expect(reason == expected)
      #expect(!reason.words.isEmpty)
      let back = same.takeBuffer().count
      #expect(back == size)
    }
    // An empty buffer is one without room for anything.
    #expect(
      refusal(card.pair.send(OutgoingFrame(DMABuffer(), byteCount: 60)))
        == .outsideBuffer(offset: 0, byteCount: 60, bufferByteCount: 0))
    #expect(card.pair.transmitCounters.refused == UInt64(cases.count + 1) && card.pair.transmitsInFlight == 0)
    #expect(wire.device.violations == [])
  }

  @Test func send_taggedFrameOfFourMoreBytes_isTaken() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    for (high, low, isTag) in [(0x81, 0x00, true), (0x88, 0xa8, true), (0x81, 0x01, false)] {
      var bytes = frameBytes(1518)
      (bytes[12], bytes[13]) = (UInt8(high), UInt8(low))
      #expect((refusal(card.pair.send(try wire.frame(bytes))) == nil) == isTag)
      bytes.append(0)
      #expect(
        refusal(card.pair.send(try wire.frame(bytes))) == .tooLong(byteCount: 1519, limit: isTag ? 1518 : 1514))
      var list = SegmentList(capacity: 2)
      for part in [bytes[..<13], bytes[13..<1518]] {
        var buffer = try wire.memory.allocate(byteCount: part.count)
        for (index, byte) in part.enumerated() { buffer[index] = byte }
        list.append(buffer)
      }
      #expect((refusal(card.pair.send(list)) == nil) == isTag)
    }
  }

  @Test func send_badSegments_areRefused() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    func list(_ sizes: [Int]) throws -> SegmentList {
      var list = SegmentList(capacity: max(1, sizes.count))
      for size in sizes { list.append(try wire.memory.allocate(byteCount: size)) }
      return list
    }
    #expect(refusal(card.pair.send(try list([]))) == .tooShort(byteCount: 0, minimum: 14))
    #expect(refusal(card.pair.send(try list([6, 7]))) == .tooShort(byteCount: 13, minimum: 14))
    #expect(refusal(card.pair.send(try list([1500, 15]))) == .tooLong(byteCount: 1515, limit: 1514))
    let many = Array(repeating: 14, count: card.pair.maximumSegments + 1)
    #expect(
      refusal(card.pair.send(try list(many)))
        == .queue(.tooManySegments(count: many.count, limit: card.pair.maximumSegments)))
  }

  // SPEC: drivernormative:... / Network Device / Device Operation / Setting Up Receive Buffers 1
  @Test func give_badBuffers_areRefused() throws {
    var options = NetworkOptions()
    options.receiveBufferCount = 0
    for (features, smallest) in [(Bit.all, 12), (Bit.all.subtracting(Bit.mergeable), 1526)] {
      let wire = Wire(features: features)
      var card = try wire.bringUp(options)
      #expect(card.pair.buffersInFlight == 0 && card.layout.smallestBufferByteCount == smallest)
      #expect(
        refusal(card.pair.give(try wire.memory.allocate(byteCount: smallest - 1)))
          == .bufferTooSmall(byteCount: smallest - 1, minimum: smallest))
      #expect(refusal(card.pair.give(DMABuffer())) == .bufferTooSmall(byteCount: 0, minimum: smallest))
      #expect(
        refusal(card.pair.give(try wire.memory.allocate(byteCount: 70 << 10)))
          == .queue(.segmentTooLong(byteCount: 70 << 10, limit: 68 << 10)))
      for _ in 0..<card.pair.receiveCapacity {
        #expect(refusal(card.pair.give(try wire.memory.allocate(byteCount: smallest))) == nil)
      }
      #expect(refusal(card.pair.give(try wire.memory.allocate(byteCount: smallest))) == .queue(.full))
      expectBalance(card.pair)
      var reason: FrameRefusal?
      let count = card.pair.giveBatch(
        upTo: 4, source: { DMABuffer() }, refused: { refusal, _ in reason = refusal })
      // There is no room, so nobody is asked.
      #expect(count == 0 && reason == nil)
    }
  }

  @Test func receive_withoutBuffers_findsNothingAndWorksWithSome() throws {
    var options = NetworkOptions()
    options.receiveBufferCount = 0
    let wire = Wire()
    var card = try wire.bringUp(options)
    #expect(isNone(card.pair.receive()) == true && !wire.model.deliver(frameBytes(60)))
    #expect(refusal(card.pair.give(try wire.memory.allocate(byteCount: 2048))) == nil)
    card.pair.publish()
    #expect(wire.model.deliver(frameBytes(60)))
    #expect(card.pair.receive()?.array() == frameBytes(60))
  }

  @Test func address_bytesAndKinds_areWhatTheyAre() {
    let address = MACAddress(0x02, 0x00, 0xab, 0x0c, 0xff, 0x01)
    #expect(address.words == "02:00:ab:0c:ff:01" && address.rawValue == 0x0200_ab0c_ff01)
    #expect(address.isLocal && address.isUsable && !address.isMulticast)
    #expect(MACAddress.broadcast.isMulticast && !MACAddress.broadcast.isUsable)
    #expect(!MACAddress(rawValue: 0).isUsable && !MACAddress(1, 0, 0x5e, 0, 0, 1).isUsable)
    for random in [UInt64(0), .max, 0x0100_0000_0000] { #expect(MACAddress(localFrom: random).isUsable) }
  }
}
