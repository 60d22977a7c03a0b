/// The header of the Internet Protocol, version 4 (RFC 791).
struct IPv4Header {
  /// Without options, as this stack sends it.
  static let byteCount = 20
  static let icmp: UInt8 = 1
  static let udp: UInt8 = 17
  static let timeToLive: UInt8 = 64

  let byteCount: Int
  /// Of header and payload.
  let totalByteCount: Int
  let protocolNumber: UInt8
  let source: IPv4Address
  let destination: IPv4Address

  /// Reads what follows the Ethernet header.
  ///
  /// - Throws: why the packet is of no use. Fragments are never put together.
  init(_ bytes: Span<UInt8>) throws(DropReason) {
    guard bytes.count >= Self.byteCount else { throw .short }
    guard bytes[0] >> 4 == 4 else { throw .ipVersion }
    byteCount = Int(bytes[0] & 15) * 4
    totalByteCount = Int(bytes.number16(at: 2))
    guard byteCount >= Self.byteCount, totalByteCount >= byteCount, totalByteCount <= bytes.count else {
      throw .ipLength
    }
    guard Checksum.of(bytes.extracting(0..<byteCount)) == 0 else { throw .ipChecksum }
    // "More fragments", or not the first one.
    guard bytes.number16(at: 6) & 0x3fff == 0 else { throw .fragment }
    protocolNumber = bytes[9]
    source = bytes.ipv4Address(at: 12)
    destination = bytes.ipv4Address(at: 16)
    guard !source.isMulticast, !source.isLoopback else { throw .sourceAddress }
  }

  /// Writes a header into a frame, behind its Ethernet header.
  static func write(
    to frame: inout Frame, identification: UInt16, protocolNumber: UInt8, payloadByteCount: Int,
    from source: IPv4Address,
    to destination: IPv4Address
  ) {
    let start = EthernetHeader.byteCount
    frame.put16(0x4500, at: start)
    frame.put16(UInt16(Self.byteCount + payloadByteCount), at: start + 2)
    frame.put16(identification, at: start + 4)
    frame.put16(0x4000, at: start + 6)  // do not fragment
    frame.put16(UInt16(Self.timeToLive) << 8 | UInt16(protocolNumber), at: start + 8)
    frame.put16(0, at: start + 10)
    frame.put32(source.rawValue, at: start + 12)
    frame.put32(destination.rawValue, at: start + 16)
    frame.put16(Checksum.of(frame.bytes.extracting(start..<start + Self.byteCount)), at: start + 10)
  }
}
