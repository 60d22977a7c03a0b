/// One file of the firmware configuration, as the directory describes it: checked, but not read.
public struct FirmwareFile: Hashable, Sendable {
  /// The name, as `etc/acpi/tables` or `opt/org.example/settings`: 1 to 55 characters of ASCII, no control characters.
  public let name: String
  /// Its number.
  public let item: FirmwareItem
  /// Its size in bytes, by the device's word.
  public let byteCount: UInt32

  /// Bytes of one entry of the directory: size, number, two reserved bytes, name.
  static var entryByteCount: Int { 64 }
  static var nameByteCount: Int { 56 }

  /// A file that is known from elsewhere.
  init(name: String, item: FirmwareItem, byteCount: UInt32) {
    self.name = name
    self.item = item
    self.byteCount = byteCount
  }

  /// Decodes and checks an entry; all numbers are big-endian.
  init(entry: [UInt8], at index: Int) throws(FirmwareError) {
    byteCount = word(entry, at: 0)
    item = FirmwareItem(rawValue: UInt16(entry[4]) << 8 | UInt16(entry[5]))
    guard FirmwareItem.files.contains(item.rawValue) else {
      throw .entryNumberInvalid(index: index, item: item.rawValue)
    }
    let bytes = entry[8..<8 + Self.nameByteCount]
    guard let end = bytes.firstIndex(of: 0), end > bytes.startIndex,
      bytes[..<end].allSatisfy({ (0x20...0x7e).contains($0) })
    else { throw .entryNameInvalid(index: index) }
    name = String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// Byte by byte, so that no Unicode table is needed.
  func isCalled(_ other: String) -> Bool { name.utf8.elementsEqual(other.utf8) }
}

/// A big-endian word.
func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
  UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16 | UInt32(bytes[offset + 2]) << 8
    | UInt32(bytes[offset + 3])
}
