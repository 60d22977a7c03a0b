/// What is wrong with a display's description of itself.
public enum EDIDError: Error, Equatable, Sendable {
  /// Shorter than one block of 128 bytes.
  case tooShort(byteCount: Int)
  /// More bytes than a description can have.
  case tooLong(byteCount: UInt32)
  /// Not the eight bytes that each begins with.
  case badHeader
  /// The bytes of a block do not add up to a multiple of 256; by how much.
  case badChecksum(block: Int, remainder: UInt8)
  /// More extensions than came.
  case badExtensionCount(count: Int, present: Int)

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .tooShort(let byteCount): "an EDID of \(byteCount) bytes, expected at least 128"
    case .tooLong(let byteCount): "an EDID of \(byteCount) bytes, expected at most \(EDID.maximumByteCount)"
    case .badHeader: "the EDID does not begin with 00 ff ff ff ff ff ff 00"
    case .badChecksum(let block, let remainder):
      "the bytes of EDID block \(block) add up to \(remainder) modulo 256, expected 0"
    case .badExtensionCount(let count, let present):
      "the EDID says that \(count) blocks follow its first one, \(present) do"
    }
  }
}
