// The guest's own disk: known contents to read back, and room to write.

import Foundation

/// 8 MiB. The first 2 048 sectors are seeded: each is 32 lines of 16 ASCII bytes, `vireo SSSSSS LL` and a line feed,
/// where `SSSSSS` is the sector and `LL` the line within it, in lower-case hexadecimal. The rest is zero, and is the
/// guest's to write.
package enum ScratchDisk {
  package static let byteCount = 8 << 20
  package static let seededSectors = 2048
  package static let serial = "vireo-scratch"

  /// The contents of a sector.
  package static func sector(_ number: Int) -> [UInt8] {
    guard number < seededSectors else { return [UInt8](repeating: 0, count: 512) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    for line in 0..<32 {
      bytes += Array("vireo ".utf8)
      appendHexadecimal(number, digits: 6, to: &bytes)
      bytes.append(UInt8(ascii: " "))
      appendHexadecimal(line, digits: 2, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  private static func appendHexadecimal(_ value: Int, digits: Int, to bytes: inout [UInt8]) {
    for digit in (0..<digits).reversed() {
      let nibble = UInt8(value >> (4 * digit) & 0xF)
      bytes.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
    }
  }

  static func create(at url: URL) throws {
    var contents = Data(capacity: seededSectors * 512)
    for number in 0..<seededSectors { contents.append(contentsOf: sector(number)) }
    try contents.write(to: url)
    let file = try FileHandle(forWritingTo: url)
    defer { try? file.close() }
    try file.truncate(atOffset: UInt64(byteCount))
  }
}
