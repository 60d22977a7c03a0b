public import DevicePlatform

/// A disk, whatever drives it: numbered blocks of one size that are read and written whole.
///
/// One owner at a time; each operation is one indirect call and waits until it is done. Many requests in flight, and
/// lists of segments, are the drivers' own interface.
public protocol StorageDevice: AnyObject {
  /// Bytes of a block: a power of two, at least 512.
  var blockByteCount: Int { get }
  /// How many blocks there are.
  var blockCount: UInt64 { get }
  /// True when it cannot be written.
  var isReadOnly: Bool { get }

  /// Reads whole blocks.
  ///
  /// - Parameters:
  ///   - block: the first one.
  ///   - buffer: filled completely; its size says how many. Empty after an error that leaves it with the device.
  func read(block: UInt64, into buffer: inout DMABuffer) throws(StorageError)
  /// Writes whole blocks.
  ///
  /// - Parameters:
  ///   - block: the first one.
  ///   - buffer: unchanged; its size says how many. Empty after an error that leaves it with the device.
  func write(block: UInt64, from buffer: inout DMABuffer) throws(StorageError)
  /// Returns when everything written before is there to stay.
  func flush() throws(StorageError)
}

/// Why a disk did not do what it was asked.
public enum StorageError: Error, Equatable, Sendable {
  /// Not all of the blocks exist. How many there are.
  case outOfRange(block: UInt64, count: UInt64, limit: UInt64)
  /// The buffer is not a whole number of blocks, or empty.
  case notWholeBlocks(byteCount: Int, blockByteCount: Int)
  /// It cannot be written.
  case readOnly
  /// The device failed the operation, did not answer, or is gone: the driver's words.
  case failed(String)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .outOfRange(let block, let count, let limit):
      "\(count) blocks from block \(block) on, expected blocks below \(limit)"
    case .notWholeBlocks(let byteCount, let blockByteCount):
      "a buffer of \(byteCount) bytes, expected whole blocks of \(blockByteCount)"
    case .readOnly: "the disk is read-only"
    case .failed(let words): words
    }
  }
}

/// What every implementer checks first.
public struct StorageRange: Equatable, Sendable {
  /// The first block.
  public let block: UInt64
  /// How many.
  public let count: UInt64

  /// The blocks that a buffer means.
  ///
  /// - Parameters:
  ///   - block: the first one, whatever the caller says.
  ///   - byteCount: the buffer's size.
  ///   - blockByteCount: the disk's.
  ///   - blockCount: the disk's.
  public init(block: UInt64, byteCount: Int, blockByteCount: Int, blockCount: UInt64) throws(StorageError) {
    guard byteCount > 0, byteCount % blockByteCount == 0 else {
      throw .notWholeBlocks(byteCount: byteCount, blockByteCount: blockByteCount)
    }
    let count = UInt64(byteCount / blockByteCount)
    guard block < blockCount, count <= blockCount - block else {
      throw .outOfRange(block: block, count: count, limit: blockCount)
    }
    self.block = block
    self.count = count
  }
}
