public import DevicePlatform
public import VirtIO

/// A block request that is over.
@frozen
public struct BlockCompletion: ~Copyable, Sendable {
  /// How it ended. Data of a read is valid only after `.done`.
  public let result: BlockResult
  @usableFromInline let completion: Completion

  @inlinable @inline(__always)
  init(result: BlockResult, completion: consuming Completion) {
    self.result = result
    self.completion = completion
  }

  /// Which one: what its submission returned.
  @inlinable public var token: Token { completion.token }

  /// What it asked for.
  @inlinable public var request: BlockRequest { BlockRequest(mark: completion.tag) }

  /// The request was submitted with a list of segments.
  public var isSegmentList: Bool { completion.payload.isSegmentList }

  /// The buffer that the request was submitted with.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer { completion.takeBuffer() }

  /// The list of segments that the request was submitted with.
  @inlinable @inline(__always)
  public consuming func takeSegments() -> SegmentList { completion.takeSegments() }
}
