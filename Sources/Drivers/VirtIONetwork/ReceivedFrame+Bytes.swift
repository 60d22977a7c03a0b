internal import DevicePlatform

extension ReceivedFrame {
  /// The frame's bytes in one of its buffers.
  @_lifetime(borrow self)
  public func bytes(inBuffer index: Int = 0) -> RawSpan {
    let range = range(inBuffer: index)
    switch segments {
    case .some(let list): return list.bytes(at: index).extracting(range)
    case .none: return buffer.bytes.extracting(range)
    }
  }

  /// Copies the frame out, as far as there is room.
  ///
  /// - Returns: how many bytes that were.
  @discardableResult
  public func copyBytes(to destination: inout MutableSpan<UInt8>) -> Int {
    var done = 0
    for index in 0..<bufferCount {
      let part = Span<UInt8>(_bytes: bytes(inBuffer: index))
      let count = min(part.count, destination.count - done)
      for position in 0..<count { destination[done + position] = part[position] }
      done += count
    }
    return done
  }

  /// A copy of the frame.
  public func array() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var span = bytes.mutableSpan
    copyBytes(to: &span)
    return bytes
  }

  /// Completes a partial checksum in place; nothing to do without one.
  public mutating func completeChecksum() {
    guard let partial = partialChecksum else { return }
    var sum = InternetChecksum()
    var before = 0
    for index in 0..<bufferCount {
      let part = Span<UInt8>(_bytes: bytes(inBuffer: index))
      let skipped = min(max(0, Int(partial.start) - before), part.count)
      sum.add(part.extracting(skipped..<part.count))
      before += part.count
    }
    let value = sum.nonzeroValue
    store(UInt8(value >> 8), at: partial.position)
    store(UInt8(truncatingIfNeeded: value), at: partial.position + 1)
    head = 0
  }

  /// Where in a buffer the frame's bytes are. All buffers but the last are full.
  private func range(inBuffer index: Int) -> Range<Int> {
    precondition(index >= 0 && index < bufferCount, "a frame's buffer")
    if bufferCount == 1 { return offset..<offset + byteCount }
    var before = 0
    for earlier in 0..<index { before += bufferSize(earlier) }
    return (index == 0 ? offset : 0)..<min(bufferSize(index), offset + byteCount - before)
  }

  private mutating func store(_ byte: UInt8, at position: Int) {
    guard segments != nil else {
      buffer[offset + position] = byte
      return
    }
    var rest = offset + position
    for index in 0..<bufferCount {
      let count = bufferSize(index)
      if rest < count {
        storeSegment(byte, index, rest)
        return
      }
      rest -= count
    }
  }

  private func bufferSize(_ index: Int) -> Int {
    switch segments {
    case .some(let list): list.bytes(at: index).byteCount
    case .none: buffer.count
    }
  }

  private mutating func storeSegment(_ byte: UInt8, _ index: Int, _ offset: Int) {
    guard var list = segments.take() else { return }
    var bytes = list.mutableBytes(at: index)
    bytes.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
    segments = consume list
  }
}
