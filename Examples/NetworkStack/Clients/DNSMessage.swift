/// A question for a name's IPv4 address, and its answer (RFC 1035).
struct DNSMessage {
  static let port: UInt16 = 53
  static let headerByteCount = 12

  /// What an answer says.
  enum Answer: Equatable {
    /// Not the answer to this question.
    case other
    /// None: the server's response code.
    case none(code: UInt8)
    case address(IPv4Address)
  }

  /// The name as messages have it: labels with their lengths in front, and an empty one at the end.
  let encodedName: [UInt8]

  /// nil for what is not a name.
  init?(name: String) {
    var encoded: [UInt8] = []
    for label in name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard 1...63 ~= label.count else { return nil }
      encoded.append(UInt8(label.count))
      encoded.append(contentsOf: label)
    }
    guard encoded.count <= 254 else { return nil }
    encoded.append(0)
    encodedName = encoded
  }

  func writeQuestion(to writer: inout PayloadWriter, identifier: UInt16) {
    writer.append16(identifier)
    writer.append16(0x0100)  // the server is to ask others
    writer.append16(1)
    writer.appendZeros(6)
    for byte in encodedName { writer.append(byte) }
    writer.append32(0x0001_0001)  // an address, of the Internet
  }

  /// Reads an answer. Of several records the first address counts: a server puts the records of an alias in front of those
  /// of what it stands for.
  func answer(in bytes: Span<UInt8>, identifier: UInt16) -> Answer {
    guard bytes.count >= Self.headerByteCount, bytes.number16(at: 0) == identifier, bytes[2] & 0x80 != 0,
      bytes.number16(at: 4) == 1, isQuestion(bytes)
    else { return .other }
    // Cut off: what is there may still have the address.
    var position = Self.headerByteCount + encodedName.count + 4
    for _ in 0..<bytes.number16(at: 6) {
      guard let end = Self.endOfName(bytes, position), bytes.count - end >= 10 else { break }
      let byteCount = Int(bytes.number16(at: end + 8))
      guard byteCount <= bytes.count - end - 10 else { break }
      if bytes.number32(at: end) == 0x0001_0001, byteCount == 4 { return .address(bytes.ipv4Address(at: end + 10)) }
      position = end + 10 + byteCount
    }
    return .none(code: bytes[3] & 15)
  }

  /// The message repeats the question, in whatever case.
  private func isQuestion(_ bytes: Span<UInt8>) -> Bool {
    let start = Self.headerByteCount
    guard bytes.count >= start + encodedName.count + 4 else { return false }
    for index in 0..<encodedName.count where Self.folded(bytes[start + index]) != Self.folded(encodedName[index]) {
      return false
    }
    return bytes.number32(at: start + encodedName.count) == 0x0001_0001
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
  }

  /// Where a name ends that begins here: after an empty label, or after a pointer, which is not followed. nil when it
  /// does not end.
  private static func endOfName(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      let count = Int(bytes[position])
      if count == 0 { return position + 1 }
      if count >= 0xc0 { return position + 2 <= bytes.count ? position + 2 : nil }
      if count > 63 { return nil }
      position += 1 + count
    }
    return nil
  }
}
