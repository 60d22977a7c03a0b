/// A display's description of itself, decoded and checked: VESA Enhanced EDID, with timings of CTA-861 extensions.
public struct EDID: Sendable {
  /// Bytes of a block.
  static var blockByteCount: Int { 128 }
  /// The most that a GPU hands over.
  public static var maximumByteCount: Int { 1024 }

  /// Version and revision of the format.
  public let version: UInt8, revision: UInt8
  /// Three letters that stand for the maker; question marks where there is none.
  public let manufacturer: String
  /// The maker's number of the product.
  public let product: UInt16
  /// The maker's number of this very one; 0 where it has none.
  public let serial: UInt32
  /// When it was made, or its model; 1990 to 2245.
  public let year: Int
  /// Its size in centimetres; nil where it has none, as a projector.
  public let size: (width: Int, height: Int)?
  /// The product's name, if told.
  public let name: String?
  /// The serial number in letters, if told.
  public let serialText: String?
  /// What the display would like best.
  public let preferredTiming: DisplayTiming?
  /// All that are described in detail, those of extensions behind the first block's.
  public let timings: [DisplayTiming]
  /// Sizes without details.
  public let standardTimings: [StandardTiming]
  /// How many blocks follow the first one.
  public let extensionCount: Int

  /// Decodes and checks.
  ///
  /// - Parameter bytes: one block of 128 bytes, and those that it says follow. Bytes behind them are not looked at: a GPU's
  ///   answer has room for more than there is.
  public init(_ bytes: [UInt8]) throws(EDIDError) {
    let length = Self.blockByteCount
    guard bytes.count >= length else { throw .tooShort(byteCount: bytes.count) }
    let header: [UInt8] = [0, 255, 255, 255, 255, 255, 255, 0]
    for index in 0..<8 where bytes[index] != header[index] { throw .badHeader }
    let count = Int(bytes[126])
    guard bytes.count / length > count else {
      throw .badExtensionCount(count: count, present: bytes.count / length - 1)
    }
    for block in 0...count {
      var sum: UInt8 = 0
      for index in block * length..<(block + 1) * length { sum &+= bytes[index] }
      guard sum == 0 else { throw .badChecksum(block: block, remainder: sum) }
    }
    extensionCount = count
    version = bytes[18]
    revision = bytes[19]
    manufacturer = Self.letters(UInt16(bytes[8]) << 8 | UInt16(bytes[9]))
    product = UInt16(bytes[10]) | UInt16(bytes[11]) << 8
    serial = UInt32(bytes[12]) | UInt32(bytes[13]) << 8 | UInt32(bytes[14]) << 16 | UInt32(bytes[15]) << 24
    year = 1990 + Int(bytes[17])
    size = bytes[21] == 0 || bytes[22] == 0 ? nil : (Int(bytes[21]), Int(bytes[22]))
    standardTimings = (0..<8).compactMap { index in
      StandardTiming(bytes[38 + 2 * index], bytes[39 + 2 * index], revision: bytes[19])
    }
    var (timings, name, serialText): ([DisplayTiming], String?, String?) = ([], nil, nil)
    for index in 0..<4 {
      let descriptor = bytes[54 + 18 * index..<72 + 18 * index]
      if let timing = DisplayTiming(descriptor) {
        timings.append(timing)
      } else if bytes[54 + 18 * index] == 0, bytes[55 + 18 * index] == 0 {
        switch bytes[57 + 18 * index] {
        case 0xfc: name = Self.text(descriptor.dropFirst(5))
        case 0xff: serialText = Self.text(descriptor.dropFirst(5))
        default: break
        }
      }
    }
    // The first descriptor of all is the preferred one, or no timing at all.
    preferredTiming = DisplayTiming(bytes[54..<72])
    for block in 1..<count + 1 { timings += Self.timings(ofExtension: bytes[block * length..<(block + 1) * length]) }
    self.timings = timings
    self.name = name
    self.serialText = serialText
  }

  /// The detailed timings of a CTA-861 block: from where its third byte says, up to the checksum.
  private static func timings(ofExtension block: ArraySlice<UInt8>) -> [DisplayTiming] {
    let first = block.startIndex
    guard block[first] == 2 else { return [] }
    var place = Int(block[first + 2])
    guard place >= 4 else { return [] }
    var timings: [DisplayTiming] = []
    while place + 18 <= blockByteCount - 1 {
      guard let timing = DisplayTiming(block[first + place..<first + place + 18]) else { break }
      timings.append(timing)
      place += 18
    }
    return timings
  }

  /// Three letters of five bits each, A being 1.
  private static func letters(_ word: UInt16) -> String {
    var text = ""
    for shift: UInt16 in [10, 5, 0] {
      let value = UInt8(truncatingIfNeeded: word >> shift & 31)
      text.unicodeScalars.append(Unicode.Scalar(1...26 ~= value ? value + 64 : 63))
    }
    return text
  }

  /// Up to 13 characters, ended by a line feed; what is no printable ASCII becomes a question mark.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      if byte == 0x0a || byte == 0 { break }
      text.unicodeScalars.append(Unicode.Scalar(0x20...0x7e ~= byte ? byte : 63))
    }
    return text
  }
}
