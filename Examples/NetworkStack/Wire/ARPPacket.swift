/// A question or an answer of the Address Resolution Protocol (RFC 826), for IPv4 over Ethernet.
struct ARPPacket {
  static let byteCount = 28

  let isRequest: Bool
  let senderHardware: EthernetAddress
  let sender: IPv4Address
  let target: IPv4Address

  /// Reads what follows the Ethernet header; nil for other protocols, other operations, and too few bytes.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.byteCount, bytes.number16(at: 0) == 1, bytes.number16(at: 2) == EthernetHeader.ipv4,
      bytes[4] == 6, bytes[5] == 4, 1...2 ~= bytes.number16(at: 6)
    else { return nil }
    isRequest = bytes.number16(at: 6) == 1
    senderHardware = bytes.ethernetAddress(at: 8)
    sender = bytes.ipv4Address(at: 14)
    target = bytes.ipv4Address(at: 24)
  }

  /// Writes a packet into a frame, behind its Ethernet header.
  static func write(
    to frame: inout Frame, isRequest: Bool, from hardware: EthernetAddress, _ sender: IPv4Address,
    to targetHardware: EthernetAddress, _ target: IPv4Address
  ) {
    let start = EthernetHeader.byteCount
    frame.put16(1, at: start)
    frame.put16(EthernetHeader.ipv4, at: start + 2)
    frame.put16(0x0604, at: start + 4)
    frame.put16(isRequest ? 1 : 2, at: start + 6)
    frame.put(hardware, at: start + 8)
    frame.put32(sender.rawValue, at: start + 14)
    frame.put(targetHardware, at: start + 18)
    frame.put32(target.rawValue, at: start + 24)
  }
}
