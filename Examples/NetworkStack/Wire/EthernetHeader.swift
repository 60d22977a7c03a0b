/// What is in front of every frame.
struct EthernetHeader {
  static let byteCount = 14
  /// The smallest frame, without its check sequence. What a shorter one lacks is padding.
  static let smallestFrame = 60
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806

  let destination: EthernetAddress
  let source: EthernetAddress
  let type: UInt16

  /// Reads a frame's first bytes; nil when there are not enough.
  init?(_ frame: Span<UInt8>) {
    guard frame.count >= Self.byteCount else { return nil }
    destination = frame.ethernetAddress(at: 0)
    source = frame.ethernetAddress(at: 6)
    type = frame.number16(at: 12)
  }
}
