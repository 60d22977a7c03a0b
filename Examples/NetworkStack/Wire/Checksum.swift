/// The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words, as of RFC 1071.
struct Checksum {
  private var sum: UInt64 = 0

  /// Adds bytes. Only the last piece may be odd in length.
  mutating func add(_ bytes: Span<UInt8>) {
    var index = 0
    while index + 1 < bytes.count {
      sum += UInt64(bytes.number16(at: index))
      index += 2
    }
    if index < bytes.count { sum += UInt64(bytes[index]) << 8 }
  }

  /// Adds what UDP sums beside the datagram: addresses, protocol, length.
  mutating func addPseudoHeader(_ source: IPv4Address, _ destination: IPv4Address, _ number: UInt8, byteCount: Int) {
    for address in [source, destination] { sum += UInt64(address.rawValue >> 16) + UInt64(address.rawValue & 0xffff) }
    sum += UInt64(number) + UInt64(byteCount)
  }

  /// The checksum. 0 over bytes that contain a right one.
  var value: UInt16 {
    var folded = sum
    while folded > 0xffff { folded = (folded & 0xffff) + (folded >> 16) }
    return ~UInt16(folded)
  }

  /// The checksum of bytes alone.
  static func of(_ bytes: Span<UInt8>) -> UInt16 {
    var checksum = Checksum()
    checksum.add(bytes)
    return checksum.value
  }
}
