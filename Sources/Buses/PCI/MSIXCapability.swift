/// A function's MSI-X capability, its fields read once. PCI Local Bus Specification 3.0, section 6.8.2.
public struct MSIXCapability: Hashable, Sendable {
  /// Where it starts in configuration space.
  public let offset: Int
  /// Number of table entries, 1 ... 2048.
  public let count: Int
  /// The BAR that the table lies in: a raw value, 0 ... 7.
  public let bar: UInt8
  /// Where in that BAR the table begins, in bytes: a multiple of 8.
  public let tableOffset: UInt64

  /// Size of a table entry: address (8 bytes), data (4), vector control (4).
  public static let entryByteCount = 16

  /// The function's MSI-X capability; nil if it has none.
  public init?<Access: ConfigurationAccess>(
    of function: PCIAddress, capabilities: PCICapabilities, access: Access
  ) {
    guard let entry = capabilities.first(id: PCICapability.msixID), entry.offset <= 0x100 - 12 else { return nil }
    offset = entry.offset
    count = Int(access.load16(function, at: offset + 2) & 0x7ff) + 1
    let table = access.load32(function, at: offset + 4)
    bar = UInt8(truncatingIfNeeded: table & 7)
    tableOffset = UInt64(table & ~7)
  }

  /// Switches message-signalled interrupts on, and with that the interrupt line off; or the other way round.
  public func setEnabled<Access: ConfigurationAccess>(_ isEnabled: Bool, of function: PCIAddress, access: Access) {
    let control = access.load16(function, at: offset + 2)
    // Bit 15 enables, bit 14 masks the whole function.
    let wanted = isEnabled ? control & 0x3fff | 0x8000 : control & 0x3fff
    if wanted != control { access.store16(wanted, function, at: offset + 2) }
  }
}
