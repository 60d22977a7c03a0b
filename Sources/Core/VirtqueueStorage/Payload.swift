public import DevicePlatform

/// What a request owns.
@frozen
public enum PayloadKind: UInt8, Sendable {
  /// Nothing: header and status only.
  case none
  /// One buffer.
  case buffer
  /// A list of segments.
  case segments
}

/// What a finished request owned: a buffer, a list of segments, or nothing. Dropping it gives the memory back.
@frozen
@safe
public struct Payload: ~Copyable, Sendable {
  @usableFromInline let raw: RawDMABuffer
  /// What it is.
  public let kind: PayloadKind

  /// The size in bytes, of all segments together.
  public var byteCount: UInt32 { raw.byteCount }

  @inlinable @inline(__always)
  @unsafe init(owning raw: RawDMABuffer, kind: PayloadKind) {
    self.raw = raw
    self.kind = kind
  }

  /// The buffer. The request must have been submitted with one.
  @inlinable @inline(__always)
  public consuming func buffer() -> DMABuffer {
    precondition(kind == .buffer, "the request was not submitted with a single buffer")
    let raw = raw
    discard self
    return unsafe DMABuffer(unsafeOwning: raw)
  }

  /// The list of segments. The request must have been submitted with one.
  @inlinable @inline(__always)
  public consuming func segments() -> SegmentList {
    precondition(kind == .segments, "the request was not submitted with a list of segments")
    let raw = raw
    discard self
    return unsafe SegmentList(unsafeOwning: raw)
  }

  /// Gives the memory up without giving it back: the device may still write there.
  public consuming func lose() {
    switch kind {
    case .none: discard self
    case .buffer: buffer().lose()
    case .segments: segments().lose()
    }
  }

  @inlinable deinit { if kind != .none { unsafe dropPayload(raw, kind) } }
}

@usableFromInline @inline(never)
@unsafe func dropPayload(_ raw: RawDMABuffer, _ kind: PayloadKind) {
  if kind == .buffer { _ = unsafe DMABuffer(unsafeOwning: raw) }
  if kind == .segments { _ = unsafe SegmentList(unsafeOwning: raw) }
}
