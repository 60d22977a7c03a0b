// How large a kernel is in memory.

import Foundation

enum ImageSize {
  /// The bytes that an ELF file of 64 bits, little-endian, brings into memory: the sum of its loadable segments' file
  /// sizes. nil if it is no such file.
  static func loadedBytes(ofFile path: String) -> Int? {
    guard let file = FileManager.default.contents(atPath: path).map({ [UInt8]($0) }), file.count >= 64,
      file.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1])
    else { return nil }
    func number(_ offset: Int, _ width: Int) -> Int? {
      guard offset >= 0, offset <= file.count - width else { return nil }
      return (0..<width).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
    }
    guard let table = number(32, 8), let size = number(54, 2), let count = number(56, 2) else { return nil }
    var total = 0
    for index in 0..<count {
      guard let type = number(table + index * size, 4), let bytes = number(table + index * size + 32, 8) else {
        return nil
      }
      // PT_LOAD
      if type == 1 { total += bytes }
    }
    return total
  }
}
