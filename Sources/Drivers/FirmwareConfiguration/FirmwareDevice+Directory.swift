internal import DevicePlatform

extension FirmwareDevice {
  /// The list of files, in the device's order.
  ///
  /// - Parameter limit: the most files; a directory that says it has more is refused before an entry is read.
  /// - Throws: what is wrong with the count or with the first false entry. A count above the truth runs into entries of
  ///   zeros, which are none.
  public mutating func directory(limit: Int = 1024) throws(FirmwareError) -> [FirmwareFile] {
    if isAbandoned { throw .abandoned }
    let reader = reader
    reader.select(.directory)
    let count = reader.next32()
    // More files than numbers cannot be.
    let limit = min(max(0, limit), FirmwareItem.files.count)
    guard UInt64(count) <= UInt64(limit) else { throw .directoryTooLong(count: count, limit: limit) }
    var files: [FirmwareFile] = []
    var entry = [UInt8](repeating: 0, count: FirmwareFile.entryByteCount)
    for index in 0..<Int(count) {
      for offset in entry.indices { entry[offset] = reader.next() }
      let file = try FirmwareFile(entry: entry, at: index)
      if let first = files.firstIndex(where: { $0.item == file.item || $0.isCalled(file.name) }) {
        throw .entryRepeated(index: index, first: first)
      }
      files.append(file)
    }
    return files
  }

  /// The file of this name; nil when the directory has none. Reads the directory each time.
  public mutating func file(named name: String) throws(FirmwareError) -> FirmwareFile? {
    try directory().first { $0.isCalled(name) }
  }
}
