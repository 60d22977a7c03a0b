/// The other machine on the network: router, name server, DHCP server, file server. Made of bytes, with nothing of the
/// stack's.
final class Gateway {
  var file: [UInt8] = []
  /// The block size that it agrees to; nil for a server that knows no options.
  var blockLimit: Int? = 1428
  /// More options in a DHCP answer, before the end.
  var extraOptions: [UInt8] = []
  var refusesLease = false
  private var blockSize = 512
  /// The port that serves the file.
  static let filePort = 40_001

  func answer(_ frame: [UInt8]) -> [[UInt8]] {
    let type = Bytes.number16(frame[12...])
    if type == 0x806 { return question(frame) }
    guard type == 0x800, frame.count >= 34 else { return [] }
    let ip = Array(frame[14..<14 + Bytes.number16(frame[16...])])
    guard Bytes.checksum(Array(ip[..<20])) == 0 else { return [] }
    let (source, target, body) = (Array(ip[12..<16]), Array(ip[16..<20]), Array(ip[20...]))
    if ip[9] == 1 { return body[0] == 8 ? [Bytes.echo(0, Array(body[4...]), from: target, to: source)] : [] }
    guard ip[9] == 17 else { return [] }
    guard Bytes.checksum(source + target + [0, 17] + body[4..<6] + body) == 0 else { return [] }
    let (from, to, payload) = (Bytes.number16(body), Bytes.number16(body[2...]), Array(body[8...]))
    switch to {
    case 67: return lease(payload)
    case 53: return [Bytes.udp(53, from, name(payload), from: target)]
    case 69, Self.filePort: return block(payload).map { Bytes.udp(Self.filePort, from, $0) }
    default: return []
    }
  }

  private func question(_ frame: [UInt8]) -> [[UInt8]] {
    guard frame[21] == 1 else { return [] }
    return [Bytes.arp(2, from: Bytes.gateway, Array(frame[38..<42]))]
  }

  private func lease(_ message: [UInt8]) -> [[UInt8]] {
    let isRequest = message[242] == 3
    let kind: UInt8 = isRequest ? (refusesLease ? 6 : 5) : 2
    var answer: [UInt8] = [2, 1, 6, 0] + message[4..<8] + [0, 0, 0x80, 0] + [0, 0, 0, 0] + Bytes.hostIP
    answer += [UInt8](repeating: 0, count: 8) + message[28..<34] + [UInt8](repeating: 0, count: 202)
    answer += [0x63, 0x82, 0x53, 0x63, 53, 1, kind, 54, 4] + Bytes.gatewayIP
    answer += [1, 4, 255, 255, 255, 0, 3, 4] + Bytes.gatewayIP + [6, 4, 10, 0, 2, 3, 51, 4, 0, 1, 0x51, 0x80]
    answer += extraOptions + [255]
    return [Bytes.udp(67, 68, answer, to: Bytes.allIP, frameTo: Bytes.everyone)]
  }

  /// An alias, then the address.
  private func name(_ message: [UInt8]) -> [UInt8] {
    var answer = message
    answer.replaceSubrange(2..<8, with: [0x81, 0x80, 0, 1, 0, 2])
    answer += [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3] + Array("web".utf8) + [0xc0, 18]
    answer += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]
    return answer
  }

  private func block(_ message: [UInt8]) -> [[UInt8]] {
    switch message[1] {
    case 1:
      let words = message[2...].split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      if words[0] != "file" { return [[0, 5, 0, 1] + Array("no \u{1b}such file".utf8) + [0]] }
      blockSize = 512
      guard let blockLimit, words.count == 4, words[2] == "blksize", let wish = Int(words[3]) else { return data(1) }
      blockSize = min(wish, blockLimit)
      return [[0, 6] + Array("blksize".utf8) + [0] + Array(String(blockSize).utf8) + [0]]
    case 4: return data(Bytes.number16(message[2...]) + 1)
    default: return []
    }
  }

  /// Blocks are counted with 16 bits; what was acknowledged last says which round it is.
  private var round = 0
  private var last = 0
  private func data(_ number: Int) -> [[UInt8]] {
    let block = number & 0xffff
    if block == 1, last != 0xffff, last != 0 { round = 0 }
    if block == 0, last == 0xffff { round += 1 }
    last = block
    let start = (round << 16 + block - 1) * blockSize
    guard start <= file.count else { return [] }
    return [[0, 3] + Bytes.be16(block) + file[start..<min(file.count, start + blockSize)]]
  }
}
