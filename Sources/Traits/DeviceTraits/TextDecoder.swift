/// Makes characters out of UTF-8 that comes in pieces. What is none becomes U+FFFD, one for each sequence that breaks off.
struct TextDecoder {
  private var value: UInt32 = 0
  private var missing = 0
  // The smallest value that needs a sequence this long.
  private var least: UInt32 = 0

  /// Takes a byte.
  ///
  /// - Returns: what it ended, up to two: a sequence that broke off, and a character of its own.
  mutating func take(_ byte: UInt8) -> (Unicode.Scalar?, Unicode.Scalar?) {
    if byte & 0xc0 == 0x80 {
      if missing == 0 { return ("\u{fffd}", nil) }
      missing -= 1
      value = value << 6 | UInt32(byte & 0x3f)
      if missing > 0 { return (nil, nil) }
      return (value < least ? "\u{fffd}" : Unicode.Scalar(value) ?? "\u{fffd}", nil)
    }
    let broken: Unicode.Scalar? = missing > 0 ? "\u{fffd}" : nil
    missing = 0
    switch byte {
    case 0..<0x80: return (broken, Unicode.Scalar(byte))
    case 0xc0..<0xe0: (missing, least, value) = (1, 0x80, UInt32(byte & 0x1f))
    case 0xe0..<0xf0: (missing, least, value) = (2, 0x800, UInt32(byte & 0x0f))
    case 0xf0..<0xf8: (missing, least, value) = (3, 0x1_0000, UInt32(byte & 0x07))
    default: return (broken, "\u{fffd}")
    }
    return (broken, nil)
  }
}
