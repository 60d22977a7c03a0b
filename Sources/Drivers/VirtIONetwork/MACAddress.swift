/// An Ethernet address.
@frozen
public struct MACAddress: Hashable, Sendable {
  /// The six bytes, the first on the wire highest; the upper 16 bits are zero.
  public let rawValue: UInt64

  /// The address of the lower 48 bits.
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }

  /// The address of six bytes, as they are on the wire.
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8, _ e: UInt8, _ f: UInt8) {
    let high = UInt64(a) << 40 | UInt64(b) << 32 | UInt64(c) << 24
    rawValue = high | UInt64(d) << 16 | UInt64(e) << 8 | UInt64(f)
  }

  /// A locally administered address of a card, made of random bits of the caller's.
  public init(localFrom random: UInt64) {
    // First byte: bit 0 is multicast, bit 1 locally administered.
    self.init(rawValue: random & ~(1 << 40) | 1 << 41)
  }

  /// Everyone.
  public static var broadcast: MACAddress { MACAddress(rawValue: 0xffff_ffff_ffff) }

  /// One of the six bytes, 0 the first on the wire.
  public subscript(index: Int) -> UInt8 {
    precondition(0..<6 ~= index, "a MAC address has six bytes")
    return UInt8(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * index))
  }

  /// True for an address of several receivers, broadcast included.
  public var isMulticast: Bool { rawValue & 1 << 40 != 0 }
  /// True for an address that its administrator chose, not its manufacturer.
  public var isLocal: Bool { rawValue & 1 << 41 != 0 }
  /// True for an address that a card can have: neither zero nor multicast.
  public var isUsable: Bool { rawValue != 0 && !isMulticast }

  /// As `52:54:00:12:34:56`.
  public var words: String {
    var text = ""
    for index in 0..<6 {
      if index > 0 { text += ":" }
      if self[index] < 16 { text += "0" }
      text += String(self[index], radix: 16)
    }
    return text
  }
}
