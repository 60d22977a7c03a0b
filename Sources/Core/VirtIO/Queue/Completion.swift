public import DevicePlatform
public import VirtqueueStorage

/// A request that is over, with all that it owned.
@frozen
public struct Completion: ~Copyable, Sendable {
  /// Which request: what its submission returned. From now on the token may name another one.
  public let token: Token
  /// The driver's own mark from the submission.
  public let tag: UInt16
  /// How many bytes the device says it wrote, status included; never more than it was allowed to.
  public let written: UInt32
  /// The first status byte, 0xff if the device left it alone; 0 in a queue without status.
  public let status: UInt8
  /// What the request owned.
  public let payload: Payload

  @inlinable @inline(__always)
  init(token: Token, tag: UInt16, written: UInt32, status: UInt8, payload: consuming Payload) {
    self.token = token
    self.tag = tag
    self.written = written
    self.status = status
    self.payload = payload
  }

  /// The size of the data that the request was submitted with.
  @inlinable public var dataByteCount: UInt32 { payload.byteCount }

  /// The buffer that the request was submitted with.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer { payload.buffer() }

  /// The list of segments that the request was submitted with.
  @inlinable @inline(__always)
  public consuming func takeSegments() -> SegmentList { payload.segments() }
}
