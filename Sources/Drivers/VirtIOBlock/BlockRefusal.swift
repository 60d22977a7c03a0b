public import VirtIO

/// Why a block device did not take a request.
@frozen
public enum BlockRefusal: Error, Equatable, Sendable {
  /// The queue refused.
  case queue(SubmissionRefusal)
  /// Past the end of the disk.
  case beyondCapacity(sector: UInt64, sectorCount: UInt64, capacity: UInt64)
  /// A write to a read-only disk.
  case readOnly
  /// Sector or length is no multiple of the device's block size, in bytes.
  case unaligned(sector: UInt64, byteCount: Int, blockByteCount: UInt32)
  /// A buffer of the wrong size for this request.
  case wrongSize(byteCount: Int, expected: Int)

  /// The refusal in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .queue(let refusal): refusal.words
    case .beyondCapacity(let sector, let count, let capacity):
      "sectors \(sector) to \(sector &+ count) go beyond the disk's end at \(capacity)"
    case .readOnly: "the disk is read-only"
    case .unaligned(let sector, let byteCount, let blockByteCount):
      "sector \(sector) with \(byteCount) bytes is not in whole blocks of \(blockByteCount) bytes"
    case .wrongSize(let byteCount, let expected): "a buffer of \(byteCount) bytes, expected \(expected)"
    }
  }
}

/// What became of a block request with data.
@frozen
public enum BlockSubmission<Payload: ~Copyable>: ~Copyable {
  /// The device will have it with the next `publish`.
  case accepted(Token)
  /// Nothing happened; here is the payload, and why.
  case refused(BlockRefusal, Payload)
}
