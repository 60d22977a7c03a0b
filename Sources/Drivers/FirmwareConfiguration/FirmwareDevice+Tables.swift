public import DevicePlatform

extension FirmwareDevice {
  /// The ACPI tables that the machine's maker built; none when there is no such file.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that their file may have.
  ///   - waiter: waits for the device.
  public mutating func acpiTables<W: Waiter & ~Copyable>(
    limit: Int = 4 << 20, waiter: inout W
  ) throws(FirmwareError) -> [ACPITable] {
    guard let file = try file(named: ACPITable.fileName) else { return [] }
    return try ACPITable.list(try contents(of: file, limit: limit, waiter: &waiter))
  }

  /// The SMBIOS structures that the machine's maker built; none when there is no such file.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that their file may have.
  ///   - waiter: waits for the device.
  public mutating func smbiosStructures<W: Waiter & ~Copyable>(
    limit: Int = 1 << 20, waiter: inout W
  ) throws(FirmwareError) -> [SMBIOSStructure] {
    guard let file = try file(named: SMBIOSStructure.fileName) else { return [] }
    return try SMBIOSStructure.list(try contents(of: file, limit: limit, waiter: &waiter))
  }
}
