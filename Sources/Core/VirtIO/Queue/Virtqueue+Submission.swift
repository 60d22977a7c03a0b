public import DevicePlatform
public import VirtqueueStorage

/// What the header closure of a request is lent.
public typealias RequestHeader<T: Transport & ~Copyable> = SlotHeader<T.Memory.Access>

extension Virtqueue where T: ~Copyable {
  /// Takes a request with one data buffer.
  ///
  /// - Parameters:
  ///   - buffer: the data, from the queue's own DMA memory. It comes back with the completion or the refusal.
  ///   - deviceWrites: the device fills it; otherwise the device reads it.
  ///   - tag: the driver's own mark, returned with the completion.
  ///   - header: fills the request's header in, if the queue's requests have one. Not called on refusal.
  @inlinable @inline(__always)
  public mutating func submit(
    _ buffer: consuming DMABuffer, deviceWrites: Bool, tag: UInt16 = 0,
    header: (borrowing RequestHeader<T>) -> Void = { _ in }
  ) -> Submission<DMABuffer> {
    let byteCount = UInt32(truncatingIfNeeded: buffer.count)
    // One comparison for "empty" and "too long"; zero wraps to the top.
    guard free != 0, byteCount &- 1 < maximumSegmentByteCount else { return .refused(refusal(byteCount), buffer) }
    let slot = place(buffer, ring, tokens, deviceWrites, tag, free, next, header)
    free &-= 1
    next &+= 1
    return .accepted(Token(slot))
  }

  /// Takes a request with several data buffers.
  ///
  /// - Parameters: as for a single buffer; each segment obeys the same limit.
  public mutating func submit(
    _ segments: consuming SegmentList, deviceWrites: Bool, tag: UInt16 = 0,
    header: (borrowing RequestHeader<T>) -> Void = { _ in }
  ) -> Submission<SegmentList> {
    if let reason = refusal(segments) { return .refused(reason, segments) }
    precondition(segments.memoryDomain == domain, "the segments come from other DMA memory than the queue")
    let slot = tokens.freeSlot(free)
    header(ring.header(of: slot))
    ring.writeChain(slot, segments: segments, deviceWrites: deviceWrites)
    let writable = statusByteCount &+ (deviceWrites ? UInt32(truncatingIfNeeded: segments.byteCount) : 0)
    tokens.park(segments, writable: writable, tag: tag, at: slot)
    return .accepted(enter(slot))
  }

  /// Takes a request without data: header and status only. The queue's requests must have one of them.
  public mutating func submit(
    tag: UInt16 = 0, header: (borrowing RequestHeader<T>) -> Void
  ) throws(SubmissionRefusal) -> Token {
    if free == 0 { throw fault == nil && !isDeviceDone ? .full : .queueFailed }
    precondition(memory.slotLayout.chainLength > memory.slotLayout.maximumSegments, "a request without any descriptor")
    let slot = tokens.freeSlot(free)
    header(ring.header(of: slot))
    ring.writeChain(slot)
    tokens.park(writable: statusByteCount, tag: tag, at: slot)
    return enter(slot)
  }

  /// Writes one request into slot, ring and token table. All state comes in by value, so that a batch can keep it in
  /// registers.
  @inlinable @inline(__always)
  func place(
    _ buffer: consuming DMABuffer, _ ring: SplitRing<T.Memory.Access>, _ tokens: TokenTable, _ deviceWrites: Bool,
    _ tag: UInt16, _ free: UInt32, _ next: UInt32, _ header: (borrowing RequestHeader<T>) -> Void
  ) -> Slot {
    precondition(buffer.domain == domain, "the buffer comes from other DMA memory than the queue")
    let slot = tokens.freeSlot(free)
    header(ring.header(of: slot))
    ring.writeChain(slot, buffer: buffer, deviceWrites: deviceWrites)
    let writable = statusByteCount &+ (deviceWrites ? UInt32(truncatingIfNeeded: buffer.count) : 0)
    tokens.park(buffer, writable: writable, tag: tag, at: slot)
    ring.setAvailable(next, slot)
    return slot
  }

  private mutating func enter(_ slot: Slot) -> Token {
    ring.setAvailable(next, slot)
    free &-= 1
    next &+= 1
    return Token(slot)
  }

  @usableFromInline @inline(never)
  func refusal(_ byteCount: UInt32) -> SubmissionRefusal {
    if fault != nil || isDeviceDone { return .queueFailed }
    if byteCount == 0 { return .emptyBuffer }
    if byteCount > maximumSegmentByteCount {
      return .segmentTooLong(byteCount: byteCount, limit: maximumSegmentByteCount)
    }
    return .full
  }

  private func refusal(_ segments: borrowing SegmentList) -> SubmissionRefusal? {
    if fault != nil || isDeviceDone { return .queueFailed }
    if segments.count == 0 { return .emptyBuffer }
    if segments.count > maximumSegments { return .tooManySegments(count: segments.count, limit: maximumSegments) }
    for index in 0..<segments.count {
      let byteCount = UInt32(truncatingIfNeeded: segments.bytes(at: index).byteCount)
      if byteCount > maximumSegmentByteCount {
        return .segmentTooLong(byteCount: byteCount, limit: maximumSegmentByteCount)
      }
    }
    let total = UInt32(truncatingIfNeeded: segments.byteCount)
    if total > UInt32.max - 8192 { return .segmentTooLong(byteCount: total, limit: UInt32.max - 8192) }
    return free == 0 ? .full : nil
  }
}
