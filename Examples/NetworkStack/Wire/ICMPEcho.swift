/// Echo and its reply, of the Internet Control Message Protocol (RFC 792).
struct ICMPEcho {
  static let byteCount = 8
  static let request: UInt8 = 8
  static let reply: UInt8 = 0

  let isRequest: Bool
  let identifier: UInt16
  let sequence: UInt16

  /// Reads a message, header and data.
  ///
  /// The checksum is computed whatever the card says, whose words are about UDP and TCP.
  ///
  /// - Throws: why it is of no use; other messages are not understood.
  init(_ bytes: Span<UInt8>) throws(DropReason) {
    guard bytes.count >= Self.byteCount else { throw .short }
    guard Checksum.of(bytes) == 0 else { throw .transportChecksum }
    guard bytes[0] == Self.request || bytes[0] == Self.reply, bytes[1] == 0 else { throw .unknownProtocol }
    isRequest = bytes[0] == Self.request
    identifier = bytes.number16(at: 4)
    sequence = bytes.number16(at: 6)
  }

  /// Writes a header into a frame that already has the data behind it, up to its end.
  static func write(to frame: inout Frame, at start: Int, type: UInt8, identifier: UInt16, sequence: UInt16) {
    frame.put16(UInt16(type) << 8, at: start)
    frame.put16(0, at: start + 2)
    frame.put16(identifier, at: start + 4)
    frame.put16(sequence, at: start + 6)
    frame.put16(Checksum.of(frame.bytes.extracting(start..<frame.byteCount)), at: start + 2)
  }
}
