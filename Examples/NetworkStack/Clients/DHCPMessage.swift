internal import DevicePlatform

/// A message of the Dynamic Host Configuration Protocol (RFC 2131, options of RFC 2132) from a server.
struct DHCPMessage {
  static let serverPort: UInt16 = 67
  static let clientPort: UInt16 = 68
  static let cookie: UInt32 = 0x6382_5363
  static let headerByteCount = 236

  /// What a message is.
  enum Kind: UInt8 {
    case discover = 1
    case offer = 2
    case request = 3
    case acknowledgement = 5
    case refusal = 6
  }

  let kind: Kind
  let transaction: UInt32
  let client: EthernetAddress
  /// The address that the client gets.
  let address: IPv4Address
  private(set) var server: IPv4Address?
  private(set) var mask: IPv4Address?
  private(set) var router: IPv4Address?
  private(set) var nameServer: IPv4Address?
  private(set) var seconds: UInt32?

  /// Reads a server's message; nil for anything else. Options that are cut off, or of a wrong length, are left out.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= Self.headerByteCount + 4, bytes[0] == 2, bytes[1] == 1, bytes[2] == 6,
      bytes.number32(at: Self.headerByteCount) == Self.cookie
    else { return nil }
    transaction = bytes.number32(at: 4)
    address = bytes.ipv4Address(at: 16)
    client = bytes.ethernetAddress(at: 28)
    var kind: Kind?
    var position = Self.headerByteCount + 4
    while position < bytes.count {
      let code = bytes[position]
      if code == 255 { break }
      position += 1
      if code == 0 { continue }
      guard position < bytes.count else { break }
      let count = Int(bytes[position])
      position += 1
      guard count <= bytes.count - position else { break }
      switch (code, count) {
      case (53, 1): kind = Kind(rawValue: bytes[position])
      case (1, 4): mask = bytes.ipv4Address(at: position)
      case (3, 4...): router = bytes.ipv4Address(at: position)
      case (6, 4...): nameServer = bytes.ipv4Address(at: position)
      case (51, 4): seconds = bytes.number32(at: position)
      case (54, 4): server = bytes.ipv4Address(at: position)
      default: break
      }
      position += count
    }
    guard let kind, kind != .discover, kind != .request else { return nil }
    self.kind = kind
  }

  /// Writes a client's message.
  ///
  /// - Parameters:
  ///   - wish: in a request the offered address and the server that offered it.
  ///   - own: the address that the client has, when it asks for more time with it; answers come there then.
  static func write(
    to writer: inout PayloadWriter, _ kind: Kind, transaction: UInt32, client: EthernetAddress,
    wish: (address: IPv4Address, server: IPv4Address)?, own: IPv4Address? = nil
  ) {
    writer.append32(0x0101_0600)  // a request, Ethernet, six bytes of address
    writer.append32(transaction)
    writer.append32(own == nil ? 0x8000 : 0)  // answers to everyone, while this machine has no address to send to
    writer.append32(own?.rawValue ?? 0)
    writer.appendZeros(12)
    writer.append(client)
    writer.appendZeros(10 + 64 + 128)
    writer.append32(cookie)
    writer.append16(53 << 8 | 1)
    writer.append(kind.rawValue)
    if let wish {
      writer.append16(50 << 8 | 4)
      writer.append32(wish.address.rawValue)
      writer.append16(54 << 8 | 4)
      writer.append32(wish.server.rawValue)
    }
    // Mask, router, name server, time.
    writer.append16(55 << 8 | 4)
    writer.append32(0x0103_0633)
    writer.append(255)
    // Servers of old want 300 bytes.
    if writer.byteCount < 300 { writer.appendZeros(300 - writer.byteCount) }
  }

  /// What an offer or an acknowledgement gives; nil when that cannot be.
  var lease: Lease? {
    guard let server, address.isUsable, let mask, Self.isMask(mask) else { return nil }
    let host = address.rawValue & ~mask.rawValue
    // Neither the network itself nor everyone in it.
    guard host != 0, host != ~mask.rawValue else { return nil }
    return Lease(
      address: address, mask: mask, router: router.flatMap { $0.isUsable ? $0 : nil },
      nameServer: nameServer.flatMap { $0.isUsable ? $0 : nil }, server: server,
      span: seconds.map { $0 == .max ? TimeSpan(nanoseconds: .max) : .seconds($0) } ?? TimeSpan(nanoseconds: .max))
  }

  /// Ones, then at least two zeros.
  private static func isMask(_ mask: IPv4Address) -> Bool {
    let rest = ~mask.rawValue
    return rest >= 3 && rest & (rest &+ 1) == 0
  }
}
