/// Names an item of the firmware configuration: what goes into the selector register.
///
/// Files have numbers of their own, which the directory tells. Bit 15 belongs to the architecture, bit 14 once asked for
/// writing; neither is part of a file's number.
@frozen
public struct FirmwareItem: RawRepresentable, Hashable, Sendable {
  /// The selector.
  public let rawValue: UInt16
  /// Any number may be an item; one that is none reads as zeros.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The four letters `QEMU`. The QEMU constant is `FW_CFG_SIGNATURE`.
  public static let signature = FirmwareItem(rawValue: 0x00)
  /// What the interface can do, see `FirmwareFeatures`. The QEMU constant is `FW_CFG_ID`.
  public static let features = FirmwareItem(rawValue: 0x01)
  /// The kernel's load address, 32 bits. The QEMU constant is `FW_CFG_KERNEL_ADDR`.
  public static let kernelAddress = FirmwareItem(rawValue: 0x07)
  /// The kernel's size in bytes, 32 bits. The QEMU constant is `FW_CFG_KERNEL_SIZE`.
  public static let kernelByteCount = FirmwareItem(rawValue: 0x08)
  /// The initial RAM disk's load address, 32 bits. The QEMU constant is `FW_CFG_INITRD_ADDR`.
  public static let initialDiskAddress = FirmwareItem(rawValue: 0x0a)
  /// The initial RAM disk's size in bytes, 32 bits. The QEMU constant is `FW_CFG_INITRD_SIZE`.
  public static let initialDiskByteCount = FirmwareItem(rawValue: 0x0b)
  /// The kernel. The QEMU constant is `FW_CFG_KERNEL_DATA`.
  public static let kernel = FirmwareItem(rawValue: 0x11)
  /// The initial RAM disk. The QEMU constant is `FW_CFG_INITRD_DATA`.
  public static let initialDisk = FirmwareItem(rawValue: 0x12)
  /// The size of the command line in bytes, its final zero included, 32 bits. The QEMU constant is
  /// `FW_CFG_CMDLINE_SIZE`.
  public static let commandLineByteCount = FirmwareItem(rawValue: 0x14)
  /// The kernel's command line, with a zero behind it. The QEMU constant is `FW_CFG_CMDLINE_DATA`.
  public static let commandLine = FirmwareItem(rawValue: 0x15)
  /// The size of an x86 kernel's real-mode part in bytes, 32 bits. The QEMU constant is `FW_CFG_SETUP_SIZE`.
  public static let setupByteCount = FirmwareItem(rawValue: 0x17)
  /// An x86 kernel's real-mode part. The QEMU constant is `FW_CFG_SETUP_DATA`.
  public static let setup = FirmwareItem(rawValue: 0x18)
  /// The list of files. The QEMU constant is `FW_CFG_FILE_DIR`.
  public static let directory = FirmwareItem(rawValue: 0x19)

  /// The numbers that a file can have: from `FW_CFG_FILE_FIRST` up to where bit 14 begins.
  static var files: ClosedRange<UInt16> { 0x20...0x3fff }
}

/// What an fw_cfg device can do.
@frozen
public struct FirmwareFeatures: OptionSet, Hashable, Sendable {
  /// The bits of the item `features`.
  public let rawValue: UInt32
  /// Wraps the item's bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Selector and data register. The QEMU constant is `FW_CFG_VERSION`.
  public static let dataRegister = FirmwareFeatures(rawValue: 1)
  /// Transfers to and from memory. The QEMU constant is `FW_CFG_VERSION_DMA`.
  public static let dma = FirmwareFeatures(rawValue: 2)
}
