public import DevicePlatform

/// What a finished request owned: a buffer, a list of segments, or nothing. Dropping it gives the memory back.
@frozen
@safe
public struct Payload: ~Copyable, Sendable {
  @usableFromInline let raw: RawDMABuffer

  @inlinable @inline(__always)
  @unsafe init(owning raw: RawDMABuffer) { self.raw = raw }

  /// The size in bytes, of all segments together; 0 when there is nothing.
  @inlinable public var byteCount: UInt32 { raw.byteCount }
  /// The request was submitted with a list of segments.
  @inlinable public var isSegmentList: Bool { raw.isSegmentList }

  /// The buffer; an empty one if the request had no data. The request must not have been submitted with a list.
  @inlinable @inline(__always)
  public consuming func buffer() -> DMABuffer {
    precondition(!raw.isSegmentList, "the request was submitted with a list of segments")
    let raw = raw
    discard self
    return unsafe DMABuffer(unsafeOwning: raw)
  }

  /// The list of segments. The request must have been submitted with one.
  @inlinable @inline(__always)
  public consuming func segments() -> SegmentList {
    precondition(raw.isSegmentList, "the request was not submitted with a list of segments")
    let raw = raw
    discard self
    return unsafe SegmentList(unsafeOwning: raw)
  }

  /// Gives the memory up without giving it back: the device may still write there.
  public consuming func lose() { if isSegmentList { segments().lose() } else { buffer().lose() } }

  @inlinable deinit { if raw.byteCount != 0 || raw.isSegmentList { unsafe dropPayload(raw) } }
}

@usableFromInline @inline(never)
@unsafe func dropPayload(_ raw: RawDMABuffer) {
  if raw.isSegmentList { _ = unsafe SegmentList(unsafeOwning: raw) } else { _ = unsafe DMABuffer(unsafeOwning: raw) }
}
