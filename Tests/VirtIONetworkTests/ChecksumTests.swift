import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

struct ChecksumTests {
  @Test func checksum_exampleOfRFC1071_isRight() {
    var sum = InternetChecksum()
    sum.add(([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7] as [UInt8]).span)
    #expect(sum.folded == 0xddf2 && sum.value == 0x220d)
  }

  @Test func checksum_everyLengthAndSplit_agreesWithTheBook() {
    for count in 0...67 {
      let bytes = frameBytes(count, seed: count + 1)
      for first in 0...count {
        for second in [first, (first + count) / 2, count] {
          var sum = InternetChecksum()
          sum.add(bytes.span.extracting(0..<first))
          sum.add(bytes.span.extracting(first..<second))
          sum.add(bytes.span.extracting(second..<count))
          #expect(sum.value == reference(bytes), "\(count) bytes in pieces up to \(first) and \(second)")
        }
      }
    }
  }

  @Test func checksum_allOnesOver64KiB_doesNotOverflow() {
    var sum = InternetChecksum()
    let bytes = [UInt8](repeating: 0xff, count: 65535)
    for _ in 0..<100 { sum.add(bytes.span) }
    // An odd number of bytes, a hundred times: pairs of pieces make whole words of ones.
    #expect(sum.folded == 0xffff && sum.value == 0 && sum.nonzeroValue == 0xffff)
  }

  @Test func send_partialToADeviceThatCompletes_passesItOn() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    let (partial, _) = datagram(33)
    #expect(refusal(card.pair.send(try wire.frame(partial, partial: udp))) == nil)
    card.pair.publish()
    #expect(wire.model.sent.first?.frame == partial)
    #expect(wire.model.sent.first?.header == [1, 0, 0, 0, 0, 0, 34, 0, 6, 0, 0, 0])
    #expect(card.pair.transmitCounters.checksumsCompleted == 0 && wire.device.violations == [])
  }

  @Test func send_partialToADeviceThatDoesNot_isCompletedHere() throws {
    let wire = Wire(features: Bit.all.subtracting(Bit.csum), queueSize: 256)
    var card = try wire.bringUp()
    for payload in 0..<100 {
      let (partial, complete) = datagram(payload)
      #expect(refusal(card.pair.send(try wire.frame(partial, from: payload & 3, partial: udp))) == nil)
      // In two segments that part at an odd place, too.
      var list = SegmentList(capacity: 2)
      for part in [partial[..<37], partial[37...]] {
        var buffer = try wire.memory.allocate(byteCount: part.count)
        for (index, byte) in part.enumerated() { buffer[index] = byte }
        list.append(buffer)
      }
      #expect(refusal(card.pair.send(list, partial: udp)) == nil)
      card.pair.publish()
      #expect(wire.model.sent.suffix(2).map(\.frame) == [complete, complete], "\(payload) bytes")
      #expect(wire.model.sent.last?.header == Array(repeating: 0, count: 12))
    }
    #expect(card.pair.transmitCounters.checksumsCompleted == 200 && wire.device.violations == [])
  }

  @Test func send_checksumBeyondTheFrame_isRefused() throws {
    for features in [Bit.all, Bit.all.subtracting(Bit.csum)] {
      let wire = Wire(features: features)
      var card = try wire.bringUp()
      let late = PartialChecksum(start: 34, offset: 25)
      let expected = FrameRefusal.checksumOutsideFrame(start: 34, offset: 25, byteCount: 60)
      #expect(refusal(card.pair.send(try wire.frame(frameBytes(60), partial: late))) == expected)
      var list = SegmentList(capacity: 1)
      list.append(try wire.memory.allocate(byteCount: 60))
      #expect(refusal(card.pair.send(list, partial: late)) == expected)
      #expect(card.pair.transmitCounters.refused == 2 && card.pair.transmitsInFlight == 0)
    }
  }

  // SPEC: drivernormative:... / Network Device / Device Operation / Processing of Incoming Packets 3
  @Test func receive_partialAndVerified_areToldApart() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    let (partial, complete) = datagram(40)
    wire.model.deliver(partial, flags: 1, csumStart: 34, csumOffset: 6)
    guard var frame = card.pair.receive() else {
      Issue.record("dropped")
      return
    }
    let found = frame.partialChecksum
    #expect(found == udp && frame.isChecksumVerified == false)
    frame.completeChecksum()
    let completed = frame.array()
    let rest = frame.partialChecksum
    #expect(completed == complete && rest == nil)
    card.pair.recycle(frame)

    wire.model.deliver(complete, flags: 2, csumStart: 1, csumOffset: 1)
    guard let frame = card.pair.receive() else {
      Issue.record("dropped")
      return
    }
    #expect(frame.partialChecksum == nil && frame.isChecksumVerified == true)
  }

  @Test func receive_partialFrameOverManyBuffers_isCompletedInPlace() throws {
    for size in [12, 13, 20, 64] {
      let wire = Wire(queueSize: 64)
      var options = NetworkOptions()
      options.receiveBufferByteCount = (size + 7) & ~7
      var card = try wire.bringUp(options)
      for payload in 0..<60 {
        let (partial, complete) = datagram(payload)
        #expect(wire.model.deliver(partial, flags: 1, csumStart: 34, csumOffset: 6))
        guard var frame = card.pair.receive() else {
          Issue.record("dropped")
          return
        }
        frame.completeChecksum()
        #expect(frame.array() == complete)
        card.pair.recycle(frame)
        card.pair.publish()
      }
    }
  }
}
