/// Packets as a peer makes them: byte by byte, with nothing of the stack's.
enum Bytes {
  static let host: [UInt8] = [0x52, 0x54, 0, 0x12, 0x34, 0x56]
  static let gateway: [UInt8] = [0x52, 0x55, 0x0a, 0, 2, 2]
  static let everyone = [UInt8](repeating: 0xff, count: 6)
  static let hostIP: [UInt8] = [10, 0, 2, 15]
  static let gatewayIP: [UInt8] = [10, 0, 2, 2]
  static let allIP = [UInt8](repeating: 255, count: 4)

  static func be16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }

  static func number16(_ bytes: some Collection<UInt8>) -> Int { bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) } }

  static func checksum(_ bytes: [UInt8]) -> Int {
    var sum = 0
    for (index, byte) in bytes.enumerated() { sum += Int(byte) << (index % 2 == 0 ? 8 : 0) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~sum & 0xffff
  }

  static func ethernet(_ type: Int, _ payload: [UInt8], to: [UInt8] = host, from: [UInt8] = gateway) -> [UInt8] {
    let frame = to + from + be16(type) + payload
    return frame + [UInt8](repeating: 0, count: max(0, 60 - frame.count))
  }

  static func arp(
    _ operation: Int, from: [UInt8] = gateway, _ sender: [UInt8] = gatewayIP, to: [UInt8] = host,
    _ target: [UInt8] = hostIP, frameTo: [UInt8] = host
  ) -> [UInt8] {
    ethernet(
      0x806, [0, 1, 8, 0, 6, 4] + be16(operation) + from + sender + to + target, to: frameTo, from: from)
  }

  static func ip(
    _ number: UInt8, _ payload: [UInt8], from: [UInt8] = gatewayIP, to: [UInt8] = hostIP, fragment: Int = 0,
    frameTo: [UInt8] = host
  ) -> [UInt8] {
    var header: [UInt8] = [0x45, 0] + be16(20 + payload.count) + [1, 2] + be16(fragment) + [64, number, 0, 0]
    header += from + to
    header.replaceSubrange(10..<12, with: be16(checksum(header)))
    return ethernet(0x800, header + payload, to: frameTo)
  }

  static func udp(
    _ sourcePort: Int, _ destinationPort: Int, _ payload: [UInt8], from: [UInt8] = gatewayIP, to: [UInt8] = hostIP,
    hasChecksum: Bool = true, frameTo: [UInt8] = host
  ) -> [UInt8] {
    let length = be16(8 + payload.count)
    var datagram = be16(sourcePort) + be16(destinationPort) + length + [0, 0] + payload
    if hasChecksum {
      let sum = checksum(from + to + [0, 17] + length + datagram)
      datagram.replaceSubrange(6..<8, with: be16(sum == 0 ? 0xffff : sum))
    }
    return ip(17, datagram, from: from, to: to, frameTo: frameTo)
  }

  static func echo(
    _ type: UInt8, _ rest: [UInt8], from: [UInt8] = gatewayIP, to: [UInt8] = hostIP, frameTo: [UInt8] = host
  ) -> [UInt8] {
    var message: [UInt8] = [type, 0, 0, 0] + rest
    message.replaceSubrange(2..<4, with: be16(checksum(message)))
    return ip(1, message, from: from, to: to, frameTo: frameTo)
  }
}
