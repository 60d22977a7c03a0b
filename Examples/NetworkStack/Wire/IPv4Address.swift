/// An address of the Internet Protocol, version 4.
public struct IPv4Address: Hashable, Sendable {
  /// The four bytes, the first on the wire highest.
  public let rawValue: UInt32

  /// The address of 32 bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The address of four bytes, as they are written.
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  /// Reads four decimal numbers with dots in between; nil for anything else.
  public init?(_ words: String) {
    var value: UInt32 = 0
    var count = 0
    for part in words.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard part.count <= 3, part.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
        let byte = UInt8(Substring(part))
      else { return nil }
      value = value << 8 | UInt32(byte)
      count += 1
      if count > 4 { return nil }
    }
    guard count == 4 else { return nil }
    rawValue = value
  }

  /// No address: the source of one who has none yet.
  public static var unspecified: IPv4Address { IPv4Address(rawValue: 0) }
  /// Everyone on the link.
  public static var broadcast: IPv4Address { IPv4Address(rawValue: 0xffff_ffff) }

  /// True for groups, the reserved range above them, and everyone.
  public var isMulticast: Bool { rawValue >= 0xe000_0000 }
  /// True for the machine itself.
  public var isLoopback: Bool { rawValue >> 24 == 127 }
  /// True for an address that one machine on a link can have.
  public var isUsable: Bool { rawValue >> 24 != 0 && !isMulticast && !isLoopback }

  /// As `10.0.2.15`.
  public var words: String {
    "\(rawValue >> 24).\(rawValue >> 16 & 0xff).\(rawValue >> 8 & 0xff).\(rawValue & 0xff)"
  }
}
