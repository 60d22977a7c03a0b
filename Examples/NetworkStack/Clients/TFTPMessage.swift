/// A message of the Trivial File Transfer Protocol (RFC 1350) with its options (RFC 2347, 2348).
enum TFTPMessage {
  /// A block of the file, and where in the message it is.
  case data(block: UInt16, Range<Int>)
  /// What the server agrees to: a block's size, if it was among it. nil for what nobody asked for.
  case options(blockByteCount: Int?)
  case badOptions
  case error(code: UInt16, message: String)

  static let port: UInt16 = 69
  static let headerByteCount = 4
  /// Without options.
  static let usualBlockByteCount = 512

  /// Reads a server's message; nil for anything else.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= 2 else { return nil }
    switch bytes.number16(at: 0) {
    case 3:
      guard bytes.count >= Self.headerByteCount else { return nil }
      self = .data(block: bytes.number16(at: 2), Self.headerByteCount..<bytes.count)
    case 5:
      guard bytes.count >= Self.headerByteCount else { return nil }
      self = .error(code: bytes.number16(at: 2), message: Self.text(bytes, from: Self.headerByteCount))
    case 6: self = Self.options(bytes)
    default: return nil
    }
  }

  /// What can be printed of a message, 64 bytes at most.
  private static func text(_ bytes: Span<UInt8>, from start: Int) -> String {
    var text: [UInt8] = []
    for index in start..<bytes.count where text.count < 64 {
      if bytes[index] == 0 { break }
      text.append(32..<127 ~= bytes[index] ? bytes[index] : UInt8(ascii: "?"))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func options(_ bytes: Span<UInt8>) -> TFTPMessage {
    var position = 2
    var blockByteCount: Int?
    while position < bytes.count {
      guard let nameEnd = zero(bytes, position), let valueEnd = zero(bytes, nameEnd + 1),
        isBlockSize(bytes.extracting(position..<nameEnd)), blockByteCount == nil,
        let value = number(bytes.extracting(nameEnd + 1..<valueEnd))
      else { return .badOptions }
      blockByteCount = value
      position = valueEnd + 1
    }
    return .options(blockByteCount: blockByteCount)
  }

  private static func zero(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      if bytes[position] == 0 { return position }
      position += 1
    }
    return nil
  }

  private static func isBlockSize(_ name: Span<UInt8>) -> Bool {
    let wanted: StaticString = "blksize"
    guard name.count == wanted.utf8CodeUnitCount else { return false }
    var index = 0
    for byte in "blksize".utf8 {
      if name[index] | 0x20 != byte { return false }
      index += 1
    }
    return true
  }

  /// A decimal number of at most five digits.
  private static func number(_ digits: Span<UInt8>) -> Int? {
    guard 1...5 ~= digits.count else { return nil }
    var value = 0
    for index in 0..<digits.count {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digits[index] else { return nil }
      value = value * 10 + Int(digits[index] - UInt8(ascii: "0"))
    }
    return value
  }

  static func writeRequest(to writer: inout PayloadWriter, file: String, blockByteCount: Int) {
    writer.append16(1)
    writer.append(file)
    writer.append(0)
    writer.append("octet")
    writer.append(0)
    writer.append("blksize")
    writer.append(0)
    writer.append(String(blockByteCount))
    writer.append(0)
  }

  static func writeAcknowledgement(to writer: inout PayloadWriter, block: UInt16) {
    writer.append16(4)
    writer.append16(block)
  }

  /// Tells the server to stop: its options were not asked for (8), or it is not the one that is spoken to (5).
  static func writeError(to writer: inout PayloadWriter, code: UInt16) {
    writer.append16(5)
    writer.append16(code)
    writer.append(0)
  }
}
