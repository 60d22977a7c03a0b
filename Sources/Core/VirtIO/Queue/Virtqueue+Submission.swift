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
    guard !free.isEmpty, buffer.lastOffset(inDomain: domain) < maximumSegmentByteCount else {
      return .refused(refusal(buffer), buffer)
    }
    let slot = tokens.takeFree(&free)
    header(ring.header(of: slot, tokens))
    ring.writeChain(slot, tokens, buffer: buffer, deviceWrites: deviceWrites)
    let writable = deviceWrites ? UInt32(truncatingIfNeeded: buffer.count) : 0
    tokens.park(buffer, plainInfo.adding(writable: writable, tag: tag), at: slot)
    ring.setAvailable(next, slot)
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
    precondition(segments.memoryDomain == memory.domain, "the segments come from other DMA memory than the queue")
    let slot = tokens.takeFree(&free)
    header(ring.header(of: slot, tokens))
    ring.writeChain(slot, tokens, segments: segments, deviceWrites: deviceWrites)
    let writable = statusByteCount &+ (deviceWrites ? UInt32(truncatingIfNeeded: segments.byteCount) : 0)
    tokens.park(segments, writable: writable, tag: tag, at: slot)
    return .accepted(enter(slot))
  }

  /// Takes a request without data: header and status only. The queue's requests must have one of them.
  public mutating func submit(
    tag: UInt16 = 0, header: (borrowing RequestHeader<T>) -> Void
  ) throws(SubmissionRefusal) -> Token {
    if free.isEmpty { throw fault == nil && !isDeviceDone ? .full : .queueFailed }
    precondition(memory.slotLayout.chainLength > memory.slotLayout.maximumSegments, "a request without any descriptor")
    let slot = tokens.takeFree(&free)
    header(ring.header(of: slot, tokens))
    ring.writeChain(slot, tokens)
    tokens.park(writable: statusByteCount, tag: tag, at: slot)
    return enter(slot)
  }

  private mutating func enter(_ slot: Slot) -> Token {
    ring.setAvailable(next, slot)
    next &+= 1
    return Token(slot)
  }

  @usableFromInline @inline(never)
  func refusal(_ buffer: borrowing DMABuffer) -> SubmissionRefusal {
    if fault != nil || isDeviceDone { return .queueFailed }
    if buffer.isEmpty { return .emptyBuffer }
    precondition(buffer.domain == memory.domain, "the buffer comes from other DMA memory than the queue")
    if UInt64(buffer.count) > maximumSegmentByteCount {
      return .segmentTooLong(
        byteCount: UInt32(truncatingIfNeeded: buffer.count),
        limit: UInt32(truncatingIfNeeded: maximumSegmentByteCount))
    }
    return .full
  }

  private func refusal(_ segments: borrowing SegmentList) -> SubmissionRefusal? {
    if fault != nil || isDeviceDone { return .queueFailed }
    if segments.count == 0 { return .emptyBuffer }
    if segments.count > maximumSegments { return .tooManySegments(count: segments.count, limit: maximumSegments) }
    for index in 0..<segments.count {
      let byteCount = UInt32(truncatingIfNeeded: segments.bytes(at: index).byteCount)
      if UInt64(byteCount) > maximumSegmentByteCount {
        return .segmentTooLong(byteCount: byteCount, limit: UInt32(truncatingIfNeeded: maximumSegmentByteCount))
      }
    }
    let total = UInt32(truncatingIfNeeded: segments.byteCount)
    if total > UInt32.max - 8192 { return .segmentTooLong(byteCount: total, limit: UInt32.max - 8192) }
    return free.isEmpty ? .full : nil
  }
}
