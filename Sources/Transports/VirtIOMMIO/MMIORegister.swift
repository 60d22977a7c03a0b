/// Offsets of the control registers from the start of the window, in bytes. All are 32 bits wide, little-endian, and
/// accessed at that width only.
///
/// Names are those of version 2; a register of the legacy layout says so. "R" is written by the device, "W" by the
/// driver.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout
enum MMIORegister {
  /// R: "virt" in little-endian. The VirtIO constant is `MagicValue`.
  static let magicValue = 0x000
  /// R: 1 for a legacy device, 2 for a modern one. The VirtIO constant is `Version`.
  static let version = 0x004
  /// R: the device type, 0 in an empty slot. The VirtIO constant is `DeviceID`.
  static let deviceID = 0x008
  /// R: who made the device; read by nobody here. The VirtIO constant is `VendorID`.
  static let vendorID = 0x00c
  /// R: the word of the offered features that was selected. The VirtIO constant is `DeviceFeatures`.
  static let deviceFeatures = 0x010
  /// W: selects a word of the offered features. The VirtIO constant is `DeviceFeaturesSel`.
  static let deviceFeaturesSelect = 0x014
  /// W: the word of the accepted features that was selected. The VirtIO constant is `DriverFeatures`.
  static let driverFeatures = 0x020
  /// W: selects a word of the accepted features. The VirtIO constant is `DriverFeaturesSel`.
  static let driverFeaturesSelect = 0x024
  /// W, legacy: the unit of `legacyQueuePageNumber`, in bytes. The VirtIO constant is `GuestPageSize`.
  static let legacyPageSize = 0x028
  /// W: selects the queue that the queue registers stand for. The VirtIO constant is `QueueSel`.
  static let queueSelect = 0x030
  /// R: the largest size of the queue, 0 when there is none. The VirtIO constant is `QueueSizeMax`, formerly
  /// `QueueNumMax`.
  static let queueSizeMaximum = 0x034
  /// W: the size that the driver uses. The VirtIO constant is `QueueSize`, formerly `QueueNum`.
  static let queueSize = 0x038
  /// W, legacy: the alignment of the used ring, in bytes. The VirtIO constant is `QueueAlign`.
  static let legacyQueueAlign = 0x03c
  /// RW, legacy: the number of the queue's first page, 0 when it is not in use. The VirtIO constant is `QueuePFN`.
  static let legacyQueuePageNumber = 0x040
  /// RW: 1 when the device may use the queue. The VirtIO constant is `QueueReady`.
  static let queueReady = 0x044
  /// W: the doorbell; takes the index of a queue. The VirtIO constant is `QueueNotify`.
  static let queueNotify = 0x050
  /// R: why the interrupt line is up. The VirtIO constant is `InterruptStatus`.
  static let interruptStatus = 0x060
  /// W: bits of `interruptStatus` that were dealt with. The VirtIO constant is `InterruptACK`.
  static let interruptAcknowledge = 0x064
  /// RW: the device status. The VirtIO constant is `Status`.
  static let status = 0x070
  /// W: descriptor area, low half; the high half follows. The VirtIO constants are `QueueDescLow` and `QueueDescHigh`.
  static let queueDescriptors = 0x080
  /// W: driver area, low half; the high half follows. The VirtIO constants are `QueueDriverLow` and `QueueDriverHigh`.
  static let queueDriver = 0x090
  /// W: device area, low half; the high half follows. The VirtIO constants are `QueueDeviceLow` and `QueueDeviceHigh`.
  static let queueDevice = 0x0a0
  /// R: changes when the configuration does; not on a legacy device. The VirtIO constant is `ConfigGeneration`.
  static let configurationGeneration = 0x0fc
  /// RW: the device-specific configuration begins here. The VirtIO constant is `Config`.
  static let configuration = 0x100

  /// What `magicValue` reads: "virt".
  static let magic: UInt32 = 0x7472_6976
}
