import DevicePlatform
import Testing

@testable import NetworkStack

/// One frame at a time: what is answered, and why something is dropped.
struct ReceivingTests {
  @Test func arpQuestion_isAnswered() {
    let lab = Laboratory()
    lab.receive(Bytes.arp(1, to: [0, 0, 0, 0, 0, 0], frameTo: Bytes.everyone))
    #expect(
      lab.network.sent == [
        Bytes.arp(2, from: Bytes.host, Bytes.hostIP, to: Bytes.gateway, Bytes.gatewayIP, frameTo: Bytes.gateway)
      ])
    let counters = lab.host.counters
    #expect(counters.answered == 1 && lab.isSettled)
  }

  @Test func arpQuestion_aboutAnother_isNot() {
    let lab = Laboratory()
    lab.receive(Bytes.arp(1, to: [0, 0, 0, 0, 0, 0], [10, 0, 2, 16], frameTo: Bytes.everyone))
    #expect(lab.network.sent.isEmpty)
    let counters = lab.host.counters
    #expect(counters.learnt == 1 && lab.isSettled)
  }

  @Test(arguments: [0, 1, 55, 56, 1464, 1472]) func echo_isReturned(_ byteCount: Int) throws {
    let lab = Laboratory()
    let rest: [UInt8] = [0xab, 0xcd, 0, 7] + (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    lab.receive(Bytes.echo(8, rest))
    try #require(lab.network.sent.count == 1)
    let reply = lab.network.sent[0]
    #expect(Array(reply[..<12]) == Bytes.gateway + Bytes.host)
    #expect(Bytes.checksum(Array(reply[14..<34])) == 0)
    #expect(Array(reply[26..<34]) == Bytes.hostIP + Bytes.gatewayIP)
    #expect(reply[34] == 0 && Bytes.checksum(Array(reply[34..<34 + 4 + rest.count])) == 0)
    #expect(Array(reply[38..<38 + rest.count]) == rest)
    #expect(lab.isSettled)
  }

  /// A frame, and why it is of no use.
  struct Useless: CustomTestStringConvertible, Sendable {
    let name: String
    let reason: DropReason
    let frame: [UInt8]
    var testDescription: String { name }
  }

  private static func changed(_ frame: [UInt8], _ position: Int, _ value: UInt8) -> [UInt8] {
    var frame = frame
    frame[position] = value
    return frame
  }

  /// The same with the IP checksum put right.
  private static func header(_ frame: [UInt8], _ position: Int, _ value: UInt8) -> [UInt8] {
    var frame = changed(frame, position, value)
    frame.replaceSubrange(24..<26, with: [0, 0])
    frame.replaceSubrange(24..<26, with: Bytes.be16(Bytes.checksum(Array(frame[14..<34]))))
    return frame
  }

  private static let datagram = Bytes.udp(1000, 2000, [1, 2, 3])
  private static let question = Bytes.echo(8, [0, 1, 0, 1, 9, 9])

  static let useless: [Useless] = [
    Useless(name: "empty", reason: .short, frame: []),
    Useless(name: "13 bytes", reason: .short, frame: Array(datagram[..<13])),
    Useless(name: "header only", reason: .short, frame: Array(datagram[..<14])),
    Useless(name: "33 bytes", reason: .short, frame: Array(datagram[..<33])),
    Useless(name: "to another card", reason: .otherDestination, frame: changed(datagram, 5, 1)),
    Useless(name: "from a group", reason: .sourceAddress, frame: changed(datagram, 6, 1)),
    Useless(name: "IPv6", reason: .frameType, frame: changed(datagram, 12, 0x86)),
    Useless(name: "ARP cut off", reason: .arp, frame: Array(Bytes.arp(1)[..<41])),
    Useless(name: "ARP of another network", reason: .arp, frame: changed(Bytes.arp(1), 15, 6)),
    Useless(name: "ARP, operation 3", reason: .arp, frame: Bytes.arp(3)),
    Useless(name: "ARP on another's behalf", reason: .sourceAddress, frame: changed(Bytes.arp(1), 27, 9)),
    Useless(name: "version 6", reason: .ipVersion, frame: header(datagram, 14, 0x65)),
    Useless(name: "header of 16 bytes", reason: .ipLength, frame: header(datagram, 14, 0x44)),
    Useless(name: "header beyond the packet", reason: .ipLength, frame: header(datagram, 14, 0x4f)),
    Useless(name: "longer than the frame", reason: .ipLength, frame: header(datagram, 16, 1)),
    Useless(name: "shorter than its header", reason: .ipLength, frame: header(datagram, 17, 19)),
    Useless(name: "header checksum", reason: .ipChecksum, frame: changed(datagram, 22, 1)),
    Useless(name: "first fragment", reason: .fragment, frame: Bytes.ip(17, [0, 0, 0, 0], fragment: 0x2000)),
    Useless(name: "last fragment", reason: .fragment, frame: Bytes.ip(17, [0, 0, 0, 0], fragment: 7)),
    Useless(name: "from a group of machines", reason: .sourceAddress, frame: Bytes.ip(17, [], from: [224, 0, 0, 1])),
    Useless(name: "from loopback", reason: .sourceAddress, frame: Bytes.ip(17, [], from: [127, 0, 0, 1])),
    Useless(name: "to another machine", reason: .otherAddress, frame: Bytes.ip(17, [], to: [10, 0, 2, 16])),
    Useless(name: "TCP", reason: .unknownProtocol, frame: Bytes.ip(6, [UInt8](repeating: 0, count: 20))),
    Useless(name: "ICMP, unreachable", reason: .unknownProtocol, frame: Bytes.echo(3, [0, 0, 0, 0])),
    Useless(name: "ICMP of 7 bytes", reason: .short, frame: Bytes.ip(1, [8, 0, 0, 0, 0, 0, 0])),
    Useless(name: "ICMP checksum", reason: .transportChecksum, frame: changed(question, 43, 8)),
    Useless(
      name: "echo to everyone", reason: .unexpected,
      frame: Bytes.echo(8, [0, 1, 0, 1], to: Bytes.allIP, frameTo: Bytes.everyone)),
    Useless(
      name: "echo to everyone here", reason: .unexpected,
      frame: Bytes.echo(8, [0, 1, 0, 1], to: [10, 0, 2, 255], frameTo: Bytes.everyone)),
    Useless(name: "echo from nobody", reason: .unexpected, frame: Bytes.echo(8, [0, 1, 0, 1], from: [0, 0, 0, 0])),
    Useless(name: "UDP of 7 bytes", reason: .short, frame: Bytes.ip(17, [0, 1, 0, 2, 0, 7, 0])),
    Useless(name: "UDP shorter than its header", reason: .udpLength, frame: Bytes.ip(17, [0, 1, 0, 2, 0, 7, 0, 0])),
    Useless(name: "UDP longer than the packet", reason: .udpLength, frame: Bytes.ip(17, [0, 1, 0, 2, 0, 9, 0, 0])),
    Useless(name: "UDP checksum", reason: .transportChecksum, frame: changed(datagram, 44, 9)),
    Useless(name: "UDP to nobody", reason: .unexpected, frame: datagram),
    Useless(
      name: "UDP without a checksum", reason: .unexpected, frame: Bytes.udp(1000, 2000, [1], hasChecksum: false)),
  ]

  @Test(arguments: useless) func uselessFrame_isDroppedAndCounted(_ useless: Useless) {
    let lab = Laboratory()
    lab.receive(useless.frame)
    let counters = lab.host.counters
    #expect(counters.received == 1 && counters[useless.reason] == 1 && counters.droppedInAll == 1)
    #expect(lab.network.sent.isEmpty && lab.isSettled)
  }

  /// What a card says of the checksum of a wrong datagram, and how often the stack computes it.
  static let words: [(word: ChecksumWord, computed: UInt64)] = [
    (.none, 1), (.verified, 0),
    // The datagram's own field; then others, which say nothing about it.
    (.unfinished(start: 34, offset: 6), 0), (.unfinished(start: 34, offset: 16), 1),
    (.unfinished(start: 33, offset: 7), 1), (.unfinished(start: 0, offset: 40), 1),
  ]

  /// A card's word is believed, and only then a wrong checksum passes.
  @Test(arguments: 0..<6) func checksum_wrong_isSeenUnlessTheCardVouches(_ index: Int) {
    let (word, computed) = Self.words[index]
    let lab = Laboratory()
    lab.host.port.word = word
    lab.receive(Self.changed(Self.datagram, 44, 9))
    let counters = lab.host.counters
    #expect(counters.checksums.computed == computed)
    #expect(counters.checksums.verifiedByCard == (word == .verified ? 1 : 0))
    #expect(counters.checksums.unfinished == (computed == 0 && word != .verified ? 1 : 0))
    #expect(counters[computed == 0 ? .unexpected : .transportChecksum] == 1 && lab.isSettled)
  }

  /// The card's words are about UDP and TCP: an echo's checksum is computed whatever they are.
  @Test func echoWithAWrongChecksum_isNotAnswered() {
    for word in Self.words.map(\.word) {
      let lab = Laboratory()
      lab.host.port.word = word
      lab.receive(Self.changed(Self.question, 43, 8))
      #expect(lab.network.sent.isEmpty)
    }
  }

  /// Cut off at every length, each frame is dropped without harm.
  @Test(arguments: [datagram, question, Bytes.arp(1), Bytes.arp(2)]) func frame_cutOff_isHarmless(_ frame: [UInt8]) {
    let lab = Laboratory()
    for count in 0...frame.count { lab.receive(Array(frame[..<count])) }
    let counters = lab.host.counters
    #expect(counters.received == UInt64(frame.count + 1) && lab.isSettled)
  }
}
