/// The header of the User Datagram Protocol (RFC 768).
struct UDPHeader {
  static let byteCount = 8
  static let checksumOffset = 6

  let sourcePort: UInt16
  let destinationPort: UInt16
  /// Of header and payload.
  let totalByteCount: Int

  /// Reads a datagram, header and payload.
  ///
  /// - Parameters:
  ///   - start: where in its frame it begins.
  ///   - word: what the card says of its checksum.
  ///   - checksums: counts what came of that.
  /// - Throws: why it is of no use.
  init(
    _ bytes: Span<UInt8>, at start: Int, _ ip: IPv4Header, _ word: ChecksumWord, _ checksums: inout ChecksumCounters
  ) throws(DropReason) {
    guard bytes.count >= Self.byteCount else { throw .short }
    totalByteCount = Int(bytes.number16(at: 4))
    guard Self.byteCount...bytes.count ~= totalByteCount else { throw .udpLength }
    sourcePort = bytes.number16(at: 0)
    destinationPort = bytes.number16(at: 2)
    switch word {
    case .verified: checksums.verifiedByCard += 1
    // Only of this very checksum: the card's words on another one say nothing about the datagram.
    case .unfinished(start, Self.checksumOffset): checksums.unfinished += 1
    case .none, .unfinished:
      // 0 means that the sender made none.
      if bytes.number16(at: Self.checksumOffset) == 0 {
        checksums.absent += 1
      } else {
        checksums.computed += 1
        let datagram = bytes.extracting(0..<totalByteCount)
        guard Self.checksum(of: datagram, from: ip.source, to: ip.destination) == 0 else { throw .transportChecksum }
      }
    }
  }

  /// Writes a header into a frame that already has the payload behind it, up to its end.
  static func write(
    to frame: inout Frame, at start: Int, from source: IPv4Address, _ sourcePort: UInt16,
    to destination: IPv4Address, _ destinationPort: UInt16
  ) {
    frame.put16(sourcePort, at: start)
    frame.put16(destinationPort, at: start + 2)
    frame.put16(UInt16(frame.byteCount - start), at: start + 4)
    frame.put16(0, at: start + 6)
    let value = checksum(of: frame.bytes.extracting(start..<frame.byteCount), from: source, to: destination)
    // 0 would mean "none"; all ones are the same sum.
    frame.put16(value == 0 ? 0xffff : value, at: start + 6)
  }

  private static func checksum(
    of datagram: Span<UInt8>, from source: IPv4Address, to destination: IPv4Address
  ) -> UInt16 {
    var checksum = Checksum()
    checksum.addPseudoHeader(source, destination, IPv4Header.udp, byteCount: datagram.count)
    checksum.add(datagram)
    return checksum.value
  }
}
