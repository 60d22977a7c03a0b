internal import DevicePlatform

/// Reading through the data register: no memory, no waiting, one register access a byte.
extension FirmwareDevice {
  /// Reads a part of an item.
  ///
  /// - Parameters:
  ///   - item: which one. What does not exist, and what lies behind an item's end, reads as zeros.
  ///   - offset: the first byte; those before it are read and dropped.
  ///   - destination: filled completely.
  public mutating func read(
    _ item: FirmwareItem, from offset: UInt32 = 0, into destination: inout MutableSpan<UInt8>
  ) throws(FirmwareError) {
    if isAbandoned { throw .abandoned }
    let reader = reader
    reader.select(item)
    for _ in 0..<offset { _ = reader.next() }
    for index in destination.indices { destination[index] = reader.next() }
  }

  /// Reads a whole file.
  ///
  /// - Parameters:
  ///   - file: from the directory.
  ///   - limit: the most bytes that it may have.
  public mutating func contents(of file: FirmwareFile, limit: Int) throws(FirmwareError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: try checkedByteCount(file, limit))
    var span = bytes.mutableSpan
    try read(file.item, into: &span)
    return bytes
  }

  func checkedByteCount(_ file: FirmwareFile, _ limit: Int) throws(FirmwareError) -> Int {
    guard UInt64(file.byteCount) <= UInt64(max(0, limit)) else {
      throw .tooLarge(byteCount: file.byteCount, limit: limit)
    }
    return Int(file.byteCount)
  }
}
