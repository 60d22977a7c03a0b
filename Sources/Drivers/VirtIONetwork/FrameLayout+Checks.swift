internal import DevicePlatform

extension FrameLayout {
  /// Whether a frame can be sent as it is: a plain length, inside its buffer. One that cannot is looked at by `prepare`.
  @inlinable @inline(__always)
  func accepts(_ offset: Int, _ byteCount: Int, _ bufferByteCount: Int) -> Bool {
    let least = Self.ethernetHeaderByteCount
    return UInt(bitPattern: byteCount &- least) <= UInt(bitPattern: maximumFrameByteCount &- least)
      && UInt(bitPattern: offset) <= UInt(bitPattern: bufferByteCount) && byteCount <= bufferByteCount &- offset
  }

  /// Looks closely at a frame that is not plain: out of range, with a VLAN tag, or with a partial checksum, which is
  /// completed here if the device does not do that.
  ///
  /// - Returns: why it cannot be sent.
  @usableFromInline @inline(never)
  func prepare(_ frame: inout OutgoingFrame, _ counters: inout TransmitCounters) -> FrameRefusal? {
    let (offset, byteCount, size) = (frame.offset, frame.byteCount, frame.buffer.count)
    guard offset >= 0, byteCount >= 0, offset <= size, byteCount <= size - offset else {
      return .outsideBuffer(offset: offset, byteCount: byteCount, bufferByteCount: size)
    }
    guard byteCount >= Self.ethernetHeaderByteCount else {
      return .tooShort(byteCount: byteCount, minimum: Self.ethernetHeaderByteCount)
    }
    let isTagged =
      byteCount > maximumFrameByteCount && Self.isTag(frame.buffer[offset + 12], frame.buffer[offset + 13])
    let limit = maximumFrameByteCount + (isTagged ? Self.tagByteCount : 0)
    guard byteCount <= limit else { return .tooLong(byteCount: byteCount, limit: limit) }
    guard let partial = frame.partialChecksum else { return nil }
    guard partial.fits(frameByteCount: byteCount) else {
      return .checksumOutsideFrame(start: Int(partial.start), offset: Int(partial.offset), byteCount: byteCount)
    }
    if !deviceCompletesChecksums {
      frame.completeChecksum(partial)
      counters.checksumsCompleted += 1
    }
    return nil
  }

  /// Why a scattered frame cannot be sent.
  func refusal(_ segments: borrowing SegmentList, _ partial: PartialChecksum?) -> FrameRefusal? {
    let byteCount = segments.byteCount
    guard byteCount >= Self.ethernetHeaderByteCount else {
      return .tooShort(byteCount: byteCount, minimum: Self.ethernetHeaderByteCount)
    }
    let isTagged = byteCount > maximumFrameByteCount && Self.isTag(segments.byte(at: 12), segments.byte(at: 13))
    let limit = maximumFrameByteCount + (isTagged ? Self.tagByteCount : 0)
    guard byteCount <= limit else { return .tooLong(byteCount: byteCount, limit: limit) }
    if let partial, !partial.fits(frameByteCount: byteCount) {
      return .checksumOutsideFrame(start: Int(partial.start), offset: Int(partial.offset), byteCount: byteCount)
    }
    return nil
  }

  /// 802.1Q and 802.1ad.
  private static func isTag(_ high: UInt8, _ low: UInt8) -> Bool {
    high == 0x81 && low == 0x00 || high == 0x88 && low == 0xa8
  }
}

extension OutgoingFrame {
  /// The checksum that the device does not compute.
  mutating func completeChecksum(_ partial: PartialChecksum) {
    var sum = InternetChecksum()
    sum.add(
      Span<UInt8>(_bytes: buffer.bytes).extracting(offset + Int(partial.start)..<offset + byteCount))
    let value = sum.nonzeroValue
    buffer[offset + partial.position] = UInt8(value >> 8)
    buffer[offset + partial.position + 1] = UInt8(truncatingIfNeeded: value)
    head = 0
    checksumOffset = 0
  }
}

extension SegmentList {
  /// One byte of the whole; there is one.
  func byte(at position: Int) -> UInt8 {
    var rest = position
    for index in 0..<count {
      let part = Span<UInt8>(_bytes: bytes(at: index))
      if rest < part.count { return part[rest] }
      rest -= part.count
    }
    return 0
  }

  /// The checksum that the device does not compute.
  mutating func complete(_ partial: PartialChecksum) {
    var sum = InternetChecksum()
    var before = 0
    for index in 0..<count {
      let part = Span<UInt8>(_bytes: bytes(at: index))
      sum.add(part.extracting(min(max(0, Int(partial.start) - before), part.count)..<part.count))
      before += part.count
    }
    let value = sum.nonzeroValue
    store(UInt8(value >> 8), at: partial.position)
    store(UInt8(truncatingIfNeeded: value), at: partial.position + 1)
  }

  private mutating func store(_ byte: UInt8, at position: Int) {
    var rest = position
    for index in 0..<count {
      let size = bytes(at: index).byteCount
      if rest < size {
        var contents = mutableBytes(at: index)
        contents.storeBytes(of: byte, toByteOffset: rest, as: UInt8.self)
        return
      }
      rest -= size
    }
  }
}
