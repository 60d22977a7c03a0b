import VirtIONetwork

/// A UDP datagram over IPv4 in an Ethernet frame, as the test writes and reads it.
struct Datagram {
  /// The whole frame.
  var frame: [UInt8]

  /// What an offloading sender says of such a frame: the sum begins with the UDP header.
  static let partial = PartialChecksum(start: 34, offset: 6)

  /// A datagram whose checksum field holds the sum of the pseudo header only.
  init(from sender: Station, to receiver: Station, card: [UInt8] = TapNetwork.host.card, payload: [UInt8]) {
    var ip: [UInt8] = [0x45, 0] + Self.bytes(UInt16(28 + payload.count)) + [0, 0, 0x40, 0, 64, 17, 0, 0]
    ip += sender.address + receiver.address
    ip.replaceSubrange(10..<12, with: Self.bytes(~Self.sum(ip)))
    let length = UInt16(8 + payload.count)
    let udp = Self.bytes(sender.port) + Self.bytes(receiver.port) + Self.bytes(length) + [0, 0]
    frame = card + sender.card + [8, 0] + ip + udp + payload
    frame.replaceSubrange(40..<42, with: Self.bytes(pseudoHeaderSum))
  }

  /// A received frame; nil when it is no such datagram.
  init?(_ frame: [UInt8]) {
    guard frame.count >= 42, frame[12..<15] == [8, 0, 0x45], frame[23] == 17,
      frame.count >= 14 + Self.number(frame, 16), Self.number(frame, 16) == 20 + Self.number(frame, 38)
    else { return nil }
    // Without what pads short frames.
    self.frame = Array(frame[..<(14 + Self.number(frame, 16))])
  }

  var payload: [UInt8] { Array(frame[42...]) }
  var senderPort: UInt16 { UInt16(Self.number(frame, 34)) }
  var port: UInt16 { UInt16(Self.number(frame, 36)) }
  var timeToLive: UInt8 { frame[22] }
  /// The checksum field.
  var checksum: UInt16 { UInt16(Self.number(frame, 40)) }
  /// What an unfinished checksum field holds.
  var pseudoHeaderSum: UInt16 { Self.sum(pseudoHeader) }
  /// The checksum is there and right, which is what a receiver checks.
  var isRight: Bool { checksum != 0 && Self.sum(pseudoHeader + frame[34...]) == 0xffff }

  private var pseudoHeader: [UInt8] { Array(frame[26..<34]) + [0, 17] + frame[38..<40] }

  /// RFC 1071, as plainly as it can be put: the driver's own sum is under test.
  private static func sum(_ bytes: [UInt8]) -> UInt16 {
    var sum = 0
    for (index, byte) in bytes.enumerated() { sum += Int(byte) << (index % 2 == 0 ? 8 : 0) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return UInt16(sum)
  }

  private static func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)] }
  private static func number(_ bytes: [UInt8], _ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }
}
