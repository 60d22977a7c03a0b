/// Writes device tree blobs, well-formed unless told otherwise.
struct BlobWriter {
  private var structure: [UInt8] = []
  private var strings: [UInt8] = []
  /// Entries of the memory reservation block.
  var reservations: [(UInt64, UInt64)] = []

  mutating func begin(_ name: String) {
    word(1)
    structure += Array(name.utf8) + [0]
    pad()
  }
  mutating func end() { word(2) }
  mutating func nop() { word(4) }
  mutating func property(_ name: String, bytes: [UInt8]) {
    word(3)
    word(UInt32(bytes.count))
    word(UInt32(strings.count))
    strings += Array(name.utf8) + [0]
    structure += bytes
    pad()
  }
  mutating func property(_ name: String, cells: UInt32...) {
    property(name, bytes: cells.flatMap { Self.bigEndian($0) })
  }
  mutating func property(_ name: String, _ text: String) { property(name, bytes: Array(text.utf8) + [0]) }
  mutating func word(_ value: UInt32) { structure += Self.bigEndian(value) }
  private mutating func pad() { while structure.count % 4 != 0 { structure.append(0) } }

  /// The blob: header, reservations, structure (with its end token), strings.
  func blob() -> [UInt8] {
    let structure = structure + Self.bigEndian(9)
    var reserved: [UInt8] = []
    for (address, byteCount) in reservations + [(0, 0)] {
      for value in [address, byteCount] {
        reserved += Self.bigEndian(UInt32(value >> 32)) + Self.bigEndian(UInt32(truncatingIfNeeded: value))
      }
    }
    let structureStart = 40 + reserved.count
    let stringsStart = structureStart + structure.count
    let total = stringsStart + strings.count
    let header = [
      0xd00d_feed, total, structureStart, stringsStart, 40, 17, 16, 0, strings.count, structure.count,
    ]
    return header.flatMap { Self.bigEndian(UInt32($0)) } + reserved + structure + strings
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}
