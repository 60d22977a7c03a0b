import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// Clauses of the spec that are about many places at once.
struct ClauseTests {
  /// A device that offers all 128 bits: accepted are those that the driver knows.
  // SPEC: not used: VIRTIO_NET_F_SPEED_DUPLEX, VIRTIO_NET_F_OUT_NET_HEADER, VIRTIO_NET_F_HOST_ECN,
  // VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO, VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO_CSUM, VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO,
  // VIRTIO_NET_F_HOST_TSO4, VIRTIO_NET_F_HOST_TSO6, VIRTIO_NET_F_HOST_UFO, VIRTIO_NET_F_HOST_USO,
  // VIRTIO_NET_F_GUEST_HDRLEN, VIRTIO_NET_F_IPSEC, VIRTIO_NET_F_HASH_TUNNEL, VIRTIO_NET_F_HASH_REPORT,
  // VIRTIO_NET_F_RSS, VIRTIO_NET_F_RSS_CONTEXT, VIRTIO_NET_F_CTRL_GUEST_OFFLOADS, VIRTIO_NET_F_NOTF_COAL,
  // VIRTIO_NET_F_VQ_NOTF_COAL, VIRTIO_NET_F_DEVICE_STATS, VIRTIO_F_ADMIN_VQ
  @Test(arguments: [false, true]) func card_deviceThatOffersEverything_getsWhatIsKnown(isLegacy: Bool) throws {
    let wire = Wire(pairs: 2, isLegacy: isLegacy)
    wire.device.offeredFeatures = FeatureSet(rawValue: .max)
    var options = NetworkOptions()
    options.features = FeatureSet(rawValue: .max)
    options.pairs = 2
    let card = try wire.bringUp(options)
    // CSUM, GUEST_CSUM, MTU, MAC, MRG_RXBUF to CTRL_MAC_ADDR, INDIRECT_DESC, EVENT_IDX; then VERSION_1, or ANY_LAYOUT.
    var known: FeatureSet = isLegacy ? .anyLayout : .version1
    for bit in [0, 1, 3, 5] + Array(15...23) + [28, 29] { known.insert(FeatureSet(bit: bit)) }
    #expect(card.features == known)
    #expect(card.layout.headerByteCount == 12 && wire.device.violations == [])
  }

  // SPEC: drivernormative:... / Network Device / Device configuration layout 1
  @Test func card_wholeLife_writesNoConfiguration() throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2)
    var writes = 0
    wire.device.onConfigurationWrite = { _ in writes += 1 }
    var options = NetworkOptions()
    options.pairs = 2
    var waiter = TestWaiter(step: .milliseconds(100))
    var card = try wire.bringUp(options)
    try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
    try card.setAddress(MACAddress(2, 0, 0, 0, 0, 7), waiter: &waiter)
    try card.usePairs(2, waiter: &waiter)
    wire.configure(at: 6, 3)
    #expect(try card.refreshConfiguration().contains(.announcement))
    try card.acknowledgeAnnouncement(waiter: &waiter)
    try card.shutDown(waiter: &waiter)
    #expect(writes == 0 && wire.model.commands.count == 4)
  }

  /// Plain, with a partial checksum, scattered, both: to a device that completes checksums and to one that does not.
  // SPEC: drivernormative:... / Device Operation / Packet Transmission 1, 2, 3, 4, 5, 6, 7, 9, 12, 14, 15, 16, 17, 18, 19,
  // 20, 21, 22, 30, 31, 32, 33
  // SPEC: sec:... / Network Device / Device Operation / Legacy Interface: Device Operation 1
  @Test(arguments: FrameTests.Shape.allCases, [true, false])
  func headers_everyKindOfFrame_sayWhatWasAgreed(_ shape: FrameTests.Shape, _ completes: Bool) throws {
    let wire = shape.wire(completes ? Bit.all : Bit.all.subtracting(Bit.csum))
    var card = try wire.bringUp()
    let (partial, complete) = datagram(51)
    for isPartial in [false, true] {
      let bytes = isPartial ? partial : complete
      #expect(refusal(card.pair.send(try wire.frame(bytes, from: 3, partial: isPartial ? udp : nil))) == nil)
      var list = SegmentList(capacity: 2)
      for part in [bytes[..<40], bytes[40...]] {
        var buffer = try wire.memory.allocate(byteCount: part.count)
        for (index, byte) in part.enumerated() { buffer[index] = byte }
        list.append(buffer)
      }
      #expect(refusal(card.pair.send(list, partial: isPartial ? udp : nil)) == nil)
      card.pair.publish()
      for sent in wire.model.sent.suffix(2) {
        // flags, gso_type, hdr_len, gso_size, csum_start, csum_offset, num_buffers: little-endian as the processor is.
        let mark: [UInt8] = isPartial && completes ? [1, 0, 0, 0, 0, 0, 34, 0, 6, 0] : Array(repeating: 0, count: 10)
        #expect(sent.header == mark + Array(repeating: 0, count: shape.headerByteCount - 10))
        #expect(sent.frame == (completes ? bytes : complete))
        #expect(asCompleted(sent) == complete)
      }
    }
    #expect(wire.model.sent.count == 4 && wire.device.violations == [])
  }

  /// What a device makes of a frame by its header.
  private func asCompleted(_ sent: NetworkModel.Sent) -> [UInt8] {
    var frame = sent.frame
    guard sent.header[0] & 1 != 0 else { return frame }
    let start = Int(sent.header[6]) | Int(sent.header[7]) << 8
    let place = start + (Int(sent.header[8]) | Int(sent.header[9]) << 8)
    let sum = reference(Array(frame[start...]))
    let value = sum == 0 ? 0xffff : sum
    (frame[place], frame[place + 1]) = (UInt8(value >> 8), UInt8(value & 0xff))
    return frame
  }

  /// hdr_len and gso_size are noise where nothing was merged.
  // SPEC: drivernormative:... / Device Operation / Processing of Incoming Packets 4, 5
  @Test(arguments: [true, false]) func receive_falseHeaderLength_isIgnored(merges: Bool) throws {
    let wire = Wire(features: merges ? Bit.all : Bit.all.subtracting(Bit.mergeable))
    var card = try wire.bringUp()
    let (partial, complete) = datagram(40)
    for length in [0, 1, 13, 0xffff] as [UInt16] {
      let noise = [UInt8(truncatingIfNeeded: length), UInt8(length >> 8)]
      wire.model.put([0, 0] + noise + noise + [9, 9, 9, 9, 1, 0] + complete)
      guard let frame = card.pair.receive() else {
        Issue.record("dropped")
        return
      }
      #expect(frame.array() == complete && frame.partialChecksum == nil && frame.isChecksumVerified == false)
      wire.model.put([1, 0] + noise + noise + [34, 0, 6, 0, 1, 0] + partial)
      guard let frame = card.pair.receive() else {
        Issue.record("dropped")
        return
      }
      #expect(frame.array() == partial && frame.partialChecksum == udp && frame.isChecksumVerified == false)
    }
    #expect(card.pair.receiveCounters.drops.total == 0)
  }
}
