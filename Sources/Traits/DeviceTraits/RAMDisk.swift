public import DevicePlatform

/// A disk in the kernel's memory, and lost with it.
public final class RAMDisk: StorageDevice {
  /// Bytes of a block.
  public let blockByteCount: Int
  /// How many blocks there are.
  public let blockCount: UInt64
  /// True when it cannot be written.
  public let isReadOnly: Bool
  private var contents: [UInt8]

  /// A disk of zeros.
  ///
  /// - Parameters:
  ///   - blockCount: at least 1.
  ///   - blockByteCount: a power of two, at least 512.
  public init(blockCount: Int, blockByteCount: Int = 512) {
    precondition(blockCount > 0, "a disk has at least one block")
    precondition(
      blockByteCount >= 512 && blockByteCount & (blockByteCount - 1) == 0, "a block is a power of two from 512 on")
    self.blockCount = UInt64(blockCount)
    self.blockByteCount = blockByteCount
    isReadOnly = false
    contents = [UInt8](repeating: 0, count: blockCount * blockByteCount)
  }

  /// A disk that cannot be written.
  ///
  /// - Parameter image: its contents; zeros fill the last block up. At least one byte.
  public init(image: [UInt8], blockByteCount: Int = 512) {
    precondition(!image.isEmpty, "a disk has at least one block")
    precondition(
      blockByteCount >= 512 && blockByteCount & (blockByteCount - 1) == 0, "a block is a power of two from 512 on")
    self.blockByteCount = blockByteCount
    isReadOnly = true
    contents = image
    while contents.count % blockByteCount != 0 { contents.append(0) }
    blockCount = UInt64(contents.count / blockByteCount)
  }

  private func offset(of block: UInt64, _ byteCount: Int) throws(StorageError) -> Int {
    let range = try StorageRange(
      block: block, byteCount: byteCount, blockByteCount: blockByteCount, blockCount: blockCount)
    return Int(range.block) * blockByteCount
  }

  /// Copies blocks out.
  public func read(block: UInt64, into buffer: inout DMABuffer) throws(StorageError) {
    let offset = try offset(of: block, buffer.count)
    for index in 0..<buffer.count { buffer[index] = contents[offset + index] }
  }

  /// Copies blocks in.
  public func write(block: UInt64, from buffer: inout DMABuffer) throws(StorageError) {
    if isReadOnly { throw .readOnly }
    let offset = try offset(of: block, buffer.count)
    for index in 0..<buffer.count { contents[offset + index] = buffer[index] }
  }

  /// There is nowhere else to write to.
  public func flush() throws(StorageError) {}
}
