/// Numbers in network byte order. The caller has made sure that they are there.
extension Span where Element == UInt8 {
  /// Two bytes.
  func number16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

  /// Four bytes.
  func number32(at offset: Int) -> UInt32 {
    UInt32(number16(at: offset)) << 16 | UInt32(number16(at: offset + 2))
  }

  /// Six bytes.
  func ethernetAddress(at offset: Int) -> EthernetAddress {
    EthernetAddress(rawValue: UInt64(number16(at: offset)) << 32 | UInt64(number32(at: offset + 2)))
  }

  /// Four bytes.
  func ipv4Address(at offset: Int) -> IPv4Address { IPv4Address(rawValue: number32(at: offset)) }
}
