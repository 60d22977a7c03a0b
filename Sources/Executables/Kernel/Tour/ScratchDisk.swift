#if os(none)
  import DevicePlatform

  /// The layout of the disk that is the tour's to write. The host seeds its first sectors and leaves the others zero.
  enum ScratchDisk {
    /// Its identifier.
    static let identifier = "vireo-scratch"
    /// How many sectors are seeded. The smallest scratch disk is twice as large.
    static let seededSectors: UInt64 = 2048
    /// Counts the boots.
    static let bootRecordSector: UInt64 = 2048
    /// Where the tour writes single requests.
    static let writingSector: UInt64 = 2560
    /// Where the tour writes a list of segments.
    static let segmentSector: UInt64 = 3072

    /// The seed: each sector is 32 lines `vireo SSSSSS LL` and a line feed, with the sector and the line within it in
    /// lower-case hexadecimal.
    static func seed(of sector: UInt64) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(512)
      for line in 0..<UInt64(32) {
        bytes += "vireo ".utf8
        for shift in stride(from: UInt64(20), through: 0, by: -4) { bytes.append(digit(sector >> shift)) }
        bytes.append(UInt8(ascii: " "))
        bytes.append(digit(line >> 4))
        bytes.append(digit(line))
        bytes.append(UInt8(ascii: "\n"))
      }
      return bytes
    }

    /// Bytes that no other sector and no other boot has.
    static func pattern(sector: UInt64, boot: UInt64) -> [UInt8] {
      var state = sector &* 0x9e37_79b9_7f4a_7c15 ^ boot &* 0xbf58_476d_1ce4_e5b9 | 1
      return (0..<512).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
      }
    }
  }

  /// The low four bits as a hexadecimal digit.
  func digit(_ value: UInt64) -> UInt8 {
    let nibble = UInt8(truncatingIfNeeded: value & 15)
    return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }

  extension DMABuffer {
    /// Whether these bytes stand at `offset`.
    borrowing func holds(_ expected: [UInt8], at offset: Int = 0) -> Bool {
      guard offset >= 0, expected.count <= count, offset <= count - expected.count else { return false }
      for index in expected.indices where self[offset + index] != expected[index] { return false }
      return true
    }

    /// Puts these bytes at `offset`.
    mutating func put(_ bytes: [UInt8], at offset: Int = 0) {
      for index in bytes.indices { self[offset + index] = bytes[index] }
    }
  }
#endif
