/// One ACPI table in the file `etc/acpi/tables`: as QEMU left it, before a firmware places it and fills pointers in.
public struct ACPITable: Hashable, Sendable {
  /// The file that holds the tables.
  public static var fileName: String { "etc/acpi/tables" }
  /// The file that holds the root pointer.
  public static var rootFileName: String { "etc/acpi/rsdp" }

  /// Four characters, as `DSDT`, `APIC` or `MCFG`.
  public let signature: String
  /// Where in the file it begins.
  public let offset: Int
  /// Its size in bytes, header included.
  public let byteCount: Int

  /// Lists the tables of a file. Zeros between and behind them are padding.
  public static func list(_ bytes: [UInt8]) throws(FirmwareError) -> [ACPITable] {
    var tables: [ACPITable] = []
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] == 0 {
        offset += 1
        continue
      }
      guard bytes.count - offset >= 8 else { throw .tableMalformed("ACPI tables", offset: offset) }
      let signature = bytes[offset..<offset + 4]
      var length = 0
      for index in (4..<8).reversed() { length = length << 8 | Int(bytes[offset + index]) }
      // The smallest table is a header.
      guard signature.allSatisfy({ (0x21...0x7e).contains($0) }), length >= 36, length <= bytes.count - offset else {
        throw .tableMalformed("ACPI tables", offset: offset)
      }
      tables.append(
        ACPITable(signature: String(decoding: signature, as: UTF8.self), offset: offset, byteCount: length))
      offset += length
    }
    return tables
  }
}

/// One SMBIOS structure in the file `etc/smbios/smbios-tables`.
public struct SMBIOSStructure: Hashable, Sendable {
  /// The file that holds the structures.
  public static var fileName: String { "etc/smbios/smbios-tables" }
  /// The file that holds the entry point.
  public static var anchorFileName: String { "etc/smbios/smbios-anchor" }

  /// What it describes: 0 the firmware, 1 the machine, 4 a processor, 17 a memory module, 127 the end.
  public let kind: UInt8
  /// Its own number.
  public let handle: UInt16
  /// Where in the file it begins.
  public let offset: Int
  /// The size of its formatted part in bytes; strings follow.
  public let byteCount: Int

  /// Lists the structures of a file, up to the one that says that it is the last.
  public static func list(_ bytes: [UInt8]) throws(FirmwareError) -> [SMBIOSStructure] {
    var structures: [SMBIOSStructure] = []
    var offset = 0
    while offset < bytes.count {
      guard bytes.count - offset >= 4 else { throw .tableMalformed("SMBIOS structures", offset: offset) }
      let length = Int(bytes[offset + 1])
      guard length >= 4, length <= bytes.count - offset else {
        throw .tableMalformed("SMBIOS structures", offset: offset)
      }
      structures.append(
        SMBIOSStructure(
          kind: bytes[offset], handle: UInt16(bytes[offset + 2]) | UInt16(bytes[offset + 3]) << 8, offset: offset,
          byteCount: length))
      if bytes[offset] == 127 { break }
      // Strings, each with a zero behind it, and one zero more; two zeros where there are none.
      var end = offset + length
      while end < bytes.count - 1, bytes[end] != 0 || bytes[end + 1] != 0 { end += 1 }
      guard end < bytes.count - 1 else { throw .tableMalformed("SMBIOS structures", offset: offset) }
      offset = end + 2
    }
    return structures
  }
}
