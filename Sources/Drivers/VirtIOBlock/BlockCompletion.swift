public import DevicePlatform
public import VirtIO

/// A block request that is over.
public struct BlockCompletion: ~Copyable, Sendable {
  /// Which one: what its submission returned.
  public let token: Token
  /// What it asked for.
  public let request: BlockRequest
  /// How it ended. Data of a read is valid only after `.done`.
  public let result: BlockResult
  let completion: Completion

  /// The buffer that the request was submitted with.
  public consuming func takeBuffer() -> DMABuffer { completion.takeBuffer() }

  /// The list of segments that the request was submitted with.
  public consuming func takeSegments() -> SegmentList { completion.takeSegments() }
}
