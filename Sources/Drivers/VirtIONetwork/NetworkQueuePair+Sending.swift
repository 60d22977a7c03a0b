public import DevicePlatform
public import VirtIO

extension NetworkQueuePair where T: ~Copyable {
  /// Takes a frame for sending. The device sees it with the next `publish`.
  ///
  /// - Returns: on refusal the frame, and why.
  @inlinable
  public mutating func send(_ frame: consuming OutgoingFrame) -> FrameSubmission<OutgoingFrame> {
    var frame = frame
    if !layout.accepts(frame.offset, frame.byteCount, frame.buffer.count) || frame.head != 0 {
      if let refusal = prepare(&frame) {
        sent.refused &+= 1
        return .refused(refusal, frame)
      }
    }
    let (offset, byteCount) = (frame.offset, frame.byteCount)
    let (head, checksumOffset) = (frame.head, frame.checksumOffset)
    let hasCount = layout.headerByteCount > 10
    let part = BufferPart(of: frame.takeBuffer(), from: offset, byteCount: byteCount)
    switch transmitQueue.submit(part, header: { Self.fill($0, head, checksumOffset, hasCount: hasCount) }) {
    case .accepted(let token):
      sent.accepted &+= 1
      sent.bytes &+= UInt64(truncatingIfNeeded: byteCount)
      return .accepted(token)
    case .refused(let reason, let buffer):
      sent.refused &+= 1
      var frame = OutgoingFrame(buffer, from: offset, byteCount: byteCount)
      frame.head = head
      frame.checksumOffset = checksumOffset
      return .refused(.queue(reason), frame)
    }
  }

  /// Takes as many frames as there are and as there is room for, then publishes them with at most one notification.
  ///
  /// - Parameters:
  ///   - limit: the most frames to take.
  ///   - source: the next frame; nil ends the batch. Asked only while there is room.
  ///   - refused: gets back a frame that cannot be sent, and why; the batch ends there.
  /// - Returns: how many frames were taken.
  @inlinable @inline(__always)
  public mutating func sendBatch(
    upTo limit: Int, source: () -> OutgoingFrame?, refused: (FrameRefusal, consuming OutgoingFrame) -> Void
  ) -> Int {
    let layout = layout
    let hasCount = layout.headerByteCount > 10
    var bytes: UInt64 = 0
    var sent = sent
    // What the next frame's refusal would have to be told again.
    var shape = (offset: 0, byteCount: 0)
    let count = transmitQueue.submitParts(
      upTo: limit,
      source: { header in
        guard var frame = source() else { return nil }
        if !layout.accepts(frame.offset, frame.byteCount, frame.buffer.count) || frame.head != 0 {
          if let refusal = layout.prepare(&frame, &sent) {
            sent.refused &+= 1
            refused(refusal, frame)
            return nil
          }
        }
        Self.fill(header, frame.head, frame.checksumOffset, hasCount: hasCount)
        shape = (frame.offset, frame.byteCount)
        bytes &+= UInt64(truncatingIfNeeded: frame.byteCount)
        return BufferPart(of: frame.takeBuffer(), from: shape.offset, byteCount: shape.byteCount)
      },
      refused: { reason, buffer in
        sent.refused &+= 1
        bytes &-= UInt64(truncatingIfNeeded: shape.byteCount)
        refused(.queue(reason), OutgoingFrame(buffer, from: shape.offset, byteCount: shape.byteCount))
      })
    sent.accepted &+= UInt64(truncatingIfNeeded: count)
    sent.bytes &+= bytes
    self.sent = sent
    return count
  }

  /// Takes a frame that is scattered over several buffers, each of them whole.
  ///
  /// - Parameters:
  ///   - segments: the frame's parts, in order; together they are the frame.
  ///   - partial: the checksum that is to be completed, if there is one.
  public mutating func send(
    _ segments: consuming SegmentList, partial: PartialChecksum? = nil
  ) -> FrameSubmission<SegmentList> {
    var segments = segments
    if let refusal = layout.refusal(segments, partial) {
      sent.refused &+= 1
      return .refused(refusal, segments)
    }
    var (head, checksumOffset): (UInt64, UInt16) = (0, 0)
    if let partial {
      if layout.deviceCompletesChecksums {
        (head, checksumOffset) = (FrameHeader.head(partial), partial.offset)
      } else {
        segments.complete(partial)
        sent.checksumsCompleted += 1
      }
    }
    let byteCount = segments.byteCount
    let hasCount = layout.headerByteCount > 10
    switch transmitQueue.submit(
      segments, deviceWrites: false, header: { Self.fill($0, head, checksumOffset, hasCount: hasCount) })
    {
    case .accepted(let token):
      sent.accepted += 1
      sent.bytes += UInt64(byteCount)
      return .accepted(token)
    case .refused(let reason, let segments):
      sent.refused += 1
      return .refused(.queue(reason), segments)
    }
  }

  /// Shows the device every frame and every receive buffer that was taken; at most one notification for each queue.
  @inlinable
  public mutating func publish() {
    transmitQueue.publish()
    receiveQueue.publish()
  }

  @inlinable @inline(never)
  mutating func prepare(_ frame: inout OutgoingFrame) -> FrameRefusal? { layout.prepare(&frame, &sent) }

  /// Ten bytes, or twelve with `num_buffers`, which is zero in this direction.
  ///
  /// SPEC: drivernormative:Device Types / Network Device / Device Operation / Packet Transmission
  @inlinable @inline(__always)
  static func fill(
    _ header: borrowing RequestHeader<T>, _ head: UInt64, _ checksumOffset: UInt16, hasCount: Bool
  ) {
    header.store(head, at: 0)
    if hasCount { header.store(UInt32(checksumOffset), at: 8) } else { header.store(checksumOffset, at: 8) }
  }
}
