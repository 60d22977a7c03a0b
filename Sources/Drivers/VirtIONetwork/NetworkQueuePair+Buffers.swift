public import DevicePlatform
public import VirtIO

extension NetworkQueuePair where T: ~Copyable {
  /// Gives the device a buffer to fill. It sees it with the next `publish`.
  ///
  /// - Parameter buffer: of at least `layout.smallestBufferByteCount` bytes, at a multiple of 8.
  @inlinable
  public mutating func give(_ buffer: consuming DMABuffer) -> FrameSubmission<DMABuffer> {
    if buffer.count < layout.smallestBufferByteCount || !buffer.isWordAligned {
      return .refused(layout.refusal(buffer), buffer)
    }
    switch receiveQueue.submit(buffer, deviceWrites: true) {
    case .accepted(let token):
      assembly.counters.buffersGiven &+= 1
      return .accepted(token)
    case .refused(let reason, let buffer): return .refused(.queue(reason), buffer)
    }
  }

  /// Gives the device as many buffers as there are and as there is room for, then publishes them with at most one
  /// notification.
  ///
  /// - Parameters:
  ///   - limit: the most buffers to give.
  ///   - source: the next buffer; nil ends the batch. Asked only while there is room.
  ///   - refused: gets back a buffer that is too small, and why; the batch ends there.
  /// - Returns: how many were given.
  @inlinable @inline(__always)
  public mutating func giveBatch(
    upTo limit: Int, source: () -> DMABuffer?, refused: (FrameRefusal, consuming DMABuffer) -> Void
  ) -> Int {
    let layout = layout
    let smallest = layout.smallestBufferByteCount
    let count = receiveQueue.submitBatch(
      upTo: limit, deviceWrites: true,
      source: { _ in
        guard let buffer = source() else { return nil }
        if buffer.count < smallest || !buffer.isWordAligned {
          refused(layout.refusal(buffer), buffer)
          return nil
        }
        return buffer
      }, refused: { reason, buffer in refused(.queue(reason), buffer) })
    assembly.counters.buffersGiven &+= UInt64(truncatingIfNeeded: count)
    return count
  }

  /// Gives a frame's buffers to the device again, however many. It sees them with the next `publish`, at the latest with
  /// the next received frame.
  public mutating func recycle(_ frame: consuming ReceivedFrame) {
    if frame.bufferCount > 1 { assembly.recycle(frame.takeSegments()) } else { assembly.keep(frame.takeBuffer()) }
    giveIdle()
  }

  /// A buffer that the device did not use before its reset, or one of a dropped or recycled frame that it was not given
  /// again; nil when there are no more, and before.
  public mutating func takeUnused() -> DMABuffer? {
    noticeState()
    guard receiveQueue.isReset else { return nil }
    // Counted when the device was done with it, if it ever had it.
    guard let completion = receiveQueue.takeUnfinished() else { return assembly.idle.pop() }
    assembly.counters.buffersReturned += 1
    return completion.takeBuffer()
  }

  /// Gives the device what was kept of dropped and recycled frames, as far as there is room.
  @inlinable @inline(never)
  mutating func giveIdle() {
    while let buffer = assembly.idle.pop() {
      switch receiveQueue.submit(buffer, deviceWrites: true) {
      case .accepted: assembly.counters.buffersGiven += 1
      case .refused(_, let buffer):
        assembly.putBack(buffer)
        return
      }
    }
  }
}

extension FrameLayout {
  @usableFromInline @inline(never)
  func refusal(_ buffer: borrowing DMABuffer) -> FrameRefusal {
    if buffer.count < smallestBufferByteCount {
      return .bufferTooSmall(byteCount: buffer.count, minimum: smallestBufferByteCount)
    }
    return .misaligned
  }
}
