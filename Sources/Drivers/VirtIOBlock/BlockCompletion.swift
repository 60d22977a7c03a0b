public import DevicePlatform
public import VirtIO

/// A block request that is over.
@frozen
public struct BlockCompletion: ~Copyable, Sendable {
  /// Which one: what its submission returned.
  public let token: Token
  /// What it asked for.
  public let request: BlockRequest
  /// How it ended. Data of a read is valid only after `.done`.
  public let result: BlockResult
  @usableFromInline let completion: Completion

  @inlinable @inline(__always)
  init(token: Token, request: BlockRequest, result: BlockResult, completion: consuming Completion) {
    self.token = token
    self.request = request
    self.result = result
    self.completion = completion
  }

  /// The request was submitted with a list of segments.
  public var isSegmentList: Bool { completion.payload.isSegmentList }

  /// The buffer that the request was submitted with.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer { completion.takeBuffer() }

  /// The list of segments that the request was submitted with.
  @inlinable @inline(__always)
  public consuming func takeSegments() -> SegmentList { completion.takeSegments() }
}
