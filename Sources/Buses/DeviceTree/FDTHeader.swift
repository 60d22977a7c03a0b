/// The blob's header, with every block checked against the blob's size.
struct FDTHeader {
  /// Where the memory reservation block starts; it ends with an entry of zeros.
  let reservationsStart: Int
  let structure: Range<Int>
  let strings: Range<Int>
  /// How much of the blob is used by header and blocks.
  let usedByteCount: Int

  init(_ blob: borrowing Span<UInt8>) throws(DeviceTreeError) {
    let headerByteCount = 40
    guard blob.count >= headerByteCount else {
      throw .tooShort(byteCount: blob.count, expected: headerByteCount)
    }
    guard Self.word(blob, 0) == 0xd00d_feed else { throw .noMagic(found: Self.word(blob, 0)) }
    let totalByteCount = Int(Self.word(blob, 4))
    guard totalByteCount >= headerByteCount, totalByteCount <= blob.count else {
      throw .tooShort(byteCount: blob.count, expected: max(totalByteCount, headerByteCount))
    }
    guard Self.word(blob, 24) <= 17, Self.word(blob, 20) >= 17 else {
      throw .incompatibleVersion(Self.word(blob, 24))
    }
    structure = try Self.block(blob, offset: 8, byteCount: 36, alignment: 4, limit: totalByteCount)
    strings = try Self.block(blob, offset: 12, byteCount: 32, alignment: 1, limit: totalByteCount)

    let start = Int(Self.word(blob, 16))
    guard start & 7 == 0, start >= headerByteCount else { throw .blockOutOfRange(offset: start, byteCount: 16) }
    var end = start
    while true {
      guard end <= totalByteCount - 16 else { throw .blockOutOfRange(offset: start, byteCount: end - start + 16) }
      var sum: UInt32 = 0
      for part in 0..<4 { sum |= Self.word(blob, end + 4 * part) }
      end += 16
      if sum == 0 { break }
    }
    reservationsStart = start
    usedByteCount = max(structure.upperBound, strings.upperBound, end)
  }

  /// A block whose offset and size are at these places of the header.
  private static func block(
    _ blob: borrowing Span<UInt8>, offset: Int, byteCount: Int, alignment: Int, limit: Int
  ) throws(DeviceTreeError) -> Range<Int> {
    let start = Int(word(blob, offset))
    let count = Int(word(blob, byteCount))
    guard start & (alignment - 1) == 0, start <= limit, count <= limit - start else {
      throw .blockOutOfRange(offset: start, byteCount: count)
    }
    return start..<start + count
  }

  /// A big-endian word; the caller has checked that it is inside.
  private static func word(_ blob: borrowing Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(blob[offset]) << 24 | UInt32(blob[offset + 1]) << 16 | UInt32(blob[offset + 2]) << 8
      | UInt32(blob[offset + 3])
  }
}

/// The words that the structure block is made of.
enum FDTToken: UInt32 {
  /// A node starts; its name follows.
  case beginNode = 1
  /// The node ends.
  case endNode = 2
  /// A property: length, name offset, value.
  case property = 3
  /// Nothing.
  case nop = 4
  /// The structure block ends.
  case end = 9
}
