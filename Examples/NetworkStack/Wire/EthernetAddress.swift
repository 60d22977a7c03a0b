/// The address of a network card.
public struct EthernetAddress: Hashable, Sendable {
  /// The six bytes, the first on the wire highest; the upper 16 bits are zero.
  public let rawValue: UInt64

  /// The address of the lower 48 bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }

  /// Everyone.
  public static var broadcast: EthernetAddress { EthernetAddress(rawValue: 0xffff_ffff_ffff) }

  /// True for an address of several receivers, broadcast included.
  public var isMulticast: Bool { rawValue & 1 << 40 != 0 }
  /// True for an address that one card can have.
  public var isUsable: Bool { rawValue != 0 && !isMulticast }

  /// As `52:54:00:12:34:56`.
  public var words: String {
    var text = ""
    for shift in stride(from: UInt64(40), through: 0, by: -8) {
      let byte = rawValue >> shift & 0xff
      if shift < 40 { text += ":" }
      if byte < 16 { text += "0" }
      text += String(byte, radix: 16)
    }
    return text
  }
}
