/// What a frame is, and what is to be done with it.
enum Verdict {
  case drop(DropReason)
  case question(ARPPacket, from: EthernetAddress)
  /// Someone wants an echo; the packet ends here.
  case echo(ICMPEcho, source: IPv4Address, card: EthernetAddress, end: Int)
  /// Something for a client.
  case packet(Packet.Content, source: IPv4Address, payload: Range<Int>)

  /// Judges a frame.
  ///
  /// - Parameters:
  ///   - card: this machine's card.
  ///   - lease: its address and network.
  ///   - checksums: counts how a datagram's was judged.
  static func of(
    _ frame: borrowing Frame, card: EthernetAddress, lease: Lease?, _ checksums: inout ChecksumCounters
  ) -> Verdict {
    let bytes = frame.bytes
    guard let header = EthernetHeader(bytes) else { return .drop(.short) }
    guard header.destination == card || header.destination == .broadcast else { return .drop(.otherDestination) }
    guard header.source.isUsable else { return .drop(.sourceAddress) }
    let body = bytes.extracting(EthernetHeader.byteCount..<bytes.count)
    switch header.type {
    case EthernetHeader.ipv4:
      do throws(DropReason) {
        return try packet(body, from: header.source, lease, frame.checksum, &checksums)
      } catch {
        return .drop(error)
      }
    case EthernetHeader.arp:
      guard let packet = ARPPacket(body) else { return .drop(.arp) }
      return packet.senderHardware == header.source
        ? .question(packet, from: header.source) : .drop(.sourceAddress)
    default: return .drop(.frameType)
    }
  }

  private static func packet(
    _ bytes: Span<UInt8>, from card: EthernetAddress, _ lease: Lease?, _ word: ChecksumWord,
    _ checksums: inout ChecksumCounters
  ) throws(DropReason) -> Verdict {
    let ip = try IPv4Header(bytes)
    let isForAll = ip.destination == .broadcast || ip.destination == lease?.broadcast
    // Without an address everything is for us: a DHCP server may send to the address that it is about to give.
    guard isForAll || lease == nil || ip.destination == lease?.address else { throw .otherAddress }
    // What follows is padding.
    let content = bytes.extracting(ip.byteCount..<ip.totalByteCount)
    let start = EthernetHeader.byteCount + ip.byteCount
    let end = EthernetHeader.byteCount + ip.totalByteCount
    switch ip.protocolNumber {
    case IPv4Header.udp:
      let udp = try UDPHeader(content, at: start, ip, word, &checksums)
      return .packet(
        .datagram(from: udp.sourcePort, to: udp.destinationPort), source: ip.source,
        payload: start + UDPHeader.byteCount..<start + udp.totalByteCount)
    case IPv4Header.icmp:
      let echo = try ICMPEcho(content)
      if !echo.isRequest {
        return .packet(
          .echoReply(identifier: echo.identifier, sequence: echo.sequence), source: ip.source,
          payload: start + ICMPEcho.byteCount..<end)
      }
      // An echo to everyone, or from nobody in particular, would make this machine shout on another's behalf.
      guard lease != nil, !isForAll, ip.source.isUsable, ip.byteCount == IPv4Header.byteCount else {
        throw .unexpected
      }
      return .echo(echo, source: ip.source, card: card, end: end)
    default: throw .unknownProtocol
    }
  }
}
