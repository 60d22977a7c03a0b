public import DevicePlatform

/// A frame that came in, with the buffers that it lies in: nobody else's until they are given back.
///
/// One buffer as a rule; several when it was larger than a buffer, where merging was negotiated.
@frozen
public struct ReceivedFrame: ~Copyable, Sendable {
  // One of both: the buffer is empty when there are segments.
  @usableFromInline var buffer: DMABuffer
  @usableFromInline var segments: SegmentList?
  /// Where in the first buffer the frame begins: behind the device's header.
  public let offset: Int
  /// How long the frame is, from the destination address to the end of the data.
  public let byteCount: Int
  // What the header said, once it was judged: needsChecksum with start and offset, or dataValid.
  @usableFromInline var head: UInt64
  @usableFromInline var checksumOffset: UInt16

  @inlinable @inline(__always)
  init(_ buffer: consuming DMABuffer, offset: Int, byteCount: Int, head: UInt64 = 0, checksumOffset: UInt16 = 0) {
    self.buffer = buffer
    segments = nil
    self.offset = offset
    self.byteCount = byteCount
    self.head = head
    self.checksumOffset = checksumOffset
  }

  init(_ segments: consuming SegmentList, offset: Int, byteCount: Int, head: UInt64, checksumOffset: UInt16) {
    buffer = DMABuffer()
    self.segments = consume segments
    self.offset = offset
    self.byteCount = byteCount
    self.head = head
    self.checksumOffset = checksumOffset
  }

  /// Where the frame's checksum is still to be completed; nil when there is nothing to do. Such a frame comes from a
  /// sender on the same machine and was not damaged on the way; `completeChecksum` makes it fit for another wire.
  ///
  /// SPEC: drivernormative:Device Types / Network Device / Device Operation / Processing of Incoming Packets
  @inlinable public var partialChecksum: PartialChecksum? { FrameHeader.partial(head, checksumOffset) }

  /// The device vouches for the outermost transport checksum. False means only that nobody has looked at it.
  @inlinable public var isChecksumVerified: Bool {
    UInt8(truncatingIfNeeded: head) & FrameHeader.dataValid != 0
  }

  /// How many buffers the frame lies in.
  public var bufferCount: Int { segmentCount ?? 1 }
  private var segmentCount: Int? {
    switch segments {
    case .some(let list): list.count
    case .none: nil
    }
  }

  /// The buffer that the frame lies in, alone.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer {
    precondition(!buffer.isEmpty, "the frame lies in several buffers")
    return buffer
  }

  /// The buffers that the frame lies in, if there are several, in order.
  public consuming func takeSegments() -> SegmentList {
    guard let segments else { preconditionFailure("the frame lies in one buffer") }
    return segments
  }
}
