/// The Internet checksum: the ones' complement of the ones' complement sum of 16-bit words, as of RFC 1071.
///
/// Pieces are added in order and may have any length; an odd one shifts what follows by a byte.
public struct InternetChecksum: Sendable {
  // Big-endian words; 64 bits hold the sum of 2^48 of them, more than anybody adds.
  private var sum: UInt64 = 0
  private var isOdd = false

  /// Nothing summed yet.
  public init() {}

  /// Adds bytes.
  public mutating func add(_ bytes: Span<UInt8>) {
    var index = 0
    let count = bytes.count
    var sum: UInt64 = 0
    if isOdd, count > 0 {
      sum += UInt64(bytes[0])
      index = 1
    }
    while index + 8 <= count {
      sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
      sum += UInt64(bytes[index + 2]) << 8 | UInt64(bytes[index + 3])
      sum += UInt64(bytes[index + 4]) << 8 | UInt64(bytes[index + 5])
      sum += UInt64(bytes[index + 6]) << 8 | UInt64(bytes[index + 7])
      index += 8
    }
    while index + 2 <= count {
      sum += UInt64(bytes[index]) << 8 | UInt64(bytes[index + 1])
      index += 2
    }
    if index < count { sum += UInt64(bytes[index]) << 8 }
    self.sum += sum
    if count & 1 != 0 { isOdd.toggle() }
  }

  /// Adds a word, such as one of a pseudo header. Only while the bytes so far are even in number.
  public mutating func add(_ word: UInt16) {
    precondition(!isOdd, "a word behind an odd number of bytes")
    sum += UInt64(word)
  }

  /// The sum itself, not complemented: what a partial checksum field holds of the pseudo header.
  public var folded: UInt16 {
    var sum = sum
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    return UInt16(sum)
  }

  /// The checksum, as a number whose high byte comes first on the wire. 0 over bytes that contain a right checksum.
  public var value: UInt16 { ~folded }

  /// The checksum for a field in which 0 means "none" (UDP): 0xffff in its place, which is the same sum.
  public var nonzeroValue: UInt16 { value == 0 ? 0xffff : value }
}
