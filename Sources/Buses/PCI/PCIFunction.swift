/// What a function says that it is: its configuration header, read once.
public struct PCIFunction: Hashable, Sendable {
  /// Where it is.
  public var address: PCIAddress
  /// Who made it.
  public var vendorID: UInt16
  /// What it is, in the vendor's numbers.
  public var deviceID: UInt16
  /// Its revision.
  public var revision: UInt8
  /// Base class, sub-class and programming interface, 8 bits each: 0x060400 is a PCI bridge.
  public var classCode: UInt32
  /// The header's layout: 0 for a device, 1 for a bridge.
  public var headerLayout: UInt8
  /// Who made the board; 0 for a bridge.
  public var subsystemVendorID: UInt16
  /// What the board is, in its vendor's numbers; 0 for a bridge.
  public var subsystemID: UInt16
  /// Which interrupt line it uses: 1 ... 4 for A ... D, 0 for none. A raw value from the function.
  public var interruptPin: UInt8
  /// What firmware noted about the interrupt line's routing.
  public var interruptLine: UInt8

  /// A function without class, interrupt line or anything else that is not given.
  public init(
    address: PCIAddress, vendorID: UInt16, deviceID: UInt16, revision: UInt8 = 0, classCode: UInt32 = 0,
    headerLayout: UInt8 = 0, subsystemVendorID: UInt16 = 0, subsystemID: UInt16 = 0, interruptPin: UInt8 = 0,
    interruptLine: UInt8 = 0
  ) {
    self.address = address
    self.vendorID = vendorID
    self.deviceID = deviceID
    self.revision = revision
    self.classCode = classCode
    self.headerLayout = headerLayout
    self.subsystemVendorID = subsystemVendorID
    self.subsystemID = subsystemID
    self.interruptPin = interruptPin
    self.interruptLine = interruptLine
  }

  /// True for a bridge to another PCI bus.
  public var isBridge: Bool { headerLayout == 1 }
  /// How many BARs the header has.
  var barCount: Int { headerLayout == 0 ? 6 : headerLayout == 1 ? 2 : 0 }
}
