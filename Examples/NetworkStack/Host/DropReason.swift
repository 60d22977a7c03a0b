/// Why a received frame was of no use.
public enum DropReason: UInt8, Error, CaseIterable, Sendable {
  /// Fewer bytes than a header has.
  case short
  /// To another card.
  case otherDestination
  /// Neither IPv4 nor ARP.
  case frameType
  /// An ARP packet of another kind.
  case arp
  /// Not version 4.
  case ipVersion
  /// A header or a packet of an impossible length.
  case ipLength
  /// The header's checksum is wrong.
  case ipChecksum
  /// A part of a packet: parts are never put together.
  case fragment
  /// From an address that nobody can have.
  case sourceAddress
  /// To another machine.
  case otherAddress
  /// Neither an echo nor a datagram.
  case unknownProtocol
  /// The checksum of a datagram or of an echo is wrong.
  case transportChecksum
  /// A datagram of an impossible length.
  case udpLength
  /// Nobody waits for it.
  case unexpected

  /// In words.
  public var words: String {
    switch self {
    case .short: "too short"
    case .otherDestination: "to another card"
    case .frameType: "neither IPv4 nor ARP"
    case .arp: "not an ARP packet for IPv4 over Ethernet"
    case .ipVersion: "not IP version 4"
    case .ipLength: "impossible IP length"
    case .ipChecksum: "wrong IP checksum"
    case .fragment: "fragment"
    case .sourceAddress: "impossible source address"
    case .otherAddress: "to another machine"
    case .unknownProtocol: "neither ICMP echo nor UDP"
    case .transportChecksum: "wrong checksum of UDP or ICMP"
    case .udpLength: "impossible UDP length"
    case .unexpected: "nobody waits for it"
    }
  }
}

/// What became of frames.
///
/// They add up (`addUp`): `received == delivered + answered + learnt + droppedInAll`.
public struct HostCounters: Sendable {
  /// Frames that came in.
  public internal(set) var received: UInt64 = 0
  /// Echoes and datagrams that a client got.
  public internal(set) var delivered: UInt64 = 0
  /// Questions of others that were answered: ARP, echo.
  public internal(set) var answered: UInt64 = 0
  /// ARP packets that were looked at and need no answer.
  public internal(set) var learnt: UInt64 = 0
  /// Frames that were sent.
  public internal(set) var sent: UInt64 = 0
  /// How datagrams' checksums were judged, those of datagrams that were dropped then, too.
  public internal(set) var checksums = ChecksumCounters()
  private var drops = InlineArray<14, UInt64>(repeating: 0)

  /// Frames that were dropped for a reason.
  public internal(set) subscript(_ reason: DropReason) -> UInt64 {
    get { drops[Int(reason.rawValue)] }
    set { drops[Int(reason.rawValue)] = newValue }
  }

  /// All frames that were dropped.
  public var droppedInAll: UInt64 {
    var sum: UInt64 = 0
    for index in drops.indices { sum += drops[index] }
    return sum
  }

  /// Every frame that came in has become one thing.
  public var addUp: Bool { received == delivered + answered + learnt + droppedInAll }
}
