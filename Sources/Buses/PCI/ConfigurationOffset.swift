/// Offsets of the configuration header's fields, in bytes.
enum ConfigurationOffset {
  static let vendorID = 0x00
  static let command = 0x04
  static let status = 0x06
  static let revisionAndClass = 0x08
  static let headerType = 0x0e
  static let firstBAR = 0x10
  static let subsystemVendorID = 0x2c
  static let capabilities = 0x34
  static let interruptLine = 0x3c
  static let interruptPin = 0x3d
  /// Bridges only, from here on.
  static let primaryBus = 0x18
  static let secondaryBus = 0x19
  static let subordinateBus = 0x1a
}
