public import DevicePlatform
public import VirtIO

/// A frame that the device gave back, or was reset with.
@frozen
public struct SentFrame: ~Copyable, Sendable {
  /// Which one: what its submission returned.
  public let token: Token
  /// The device is done with it. Whether it reached anybody is nothing that a network card knows. False: the device was
  /// reset before.
  public let wasSent: Bool
  @usableFromInline let completion: Completion

  @inlinable @inline(__always)
  init(_ completion: consuming Completion, wasSent: Bool) {
    token = completion.token
    self.wasSent = wasSent
    self.completion = completion
  }

  /// It was given as a list of segments.
  @inlinable public var isSegmentList: Bool { completion.payload.isSegmentList }

  /// The buffer that the frame was in.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer { completion.takeBuffer() }

  /// The list of segments that the frame was given as.
  @inlinable @inline(__always)
  public consuming func takeSegments() -> SegmentList { completion.takeSegments() }
}
