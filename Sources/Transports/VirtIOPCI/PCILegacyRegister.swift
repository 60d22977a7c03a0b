/// Offsets of the legacy registers from the start of BAR 0, in bytes. "R" is written by the device, "W" by the driver.
///
/// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Legacy Interfaces: A Note on PCI Device
/// Layout
enum PCILegacyRegister {
  /// R, 32 bits: the features that the device offers. The VirtIO constant is `VIRTIO_PCI_HOST_FEATURES`.
  static let deviceFeatures = 0x00
  /// RW, 32 bits: the features that the driver accepts. The VirtIO constant is `VIRTIO_PCI_GUEST_FEATURES`.
  static let driverFeatures = 0x04
  /// RW, 32 bits: the number of the queue's first page, 0 when it is not in use. The VirtIO constant is
  /// `VIRTIO_PCI_QUEUE_PFN`.
  static let queuePageNumber = 0x08
  /// R, 16 bits: the size of the queue, 0 when there is none. The VirtIO constant is `VIRTIO_PCI_QUEUE_NUM`.
  static let queueSize = 0x0c
  /// RW, 16 bits: selects the queue that the queue registers stand for. The VirtIO constant is `VIRTIO_PCI_QUEUE_SEL`.
  static let queueSelect = 0x0e
  /// RW, 16 bits: the doorbell; takes the index of a queue. The VirtIO constant is `VIRTIO_PCI_QUEUE_NOTIFY`.
  static let queueNotify = 0x10
  /// RW, 8 bits: the device status. The VirtIO constant is `VIRTIO_PCI_STATUS`.
  static let deviceStatus = 0x12
  /// R, 8 bits: why the interrupt line is up; reading lowers it. The VirtIO constant is `VIRTIO_PCI_ISR`.
  static let interruptStatus = 0x13
  /// RW: the device-specific configuration begins here while MSI-X is off. With MSI-X on, two vectors come first and it
  /// begins at 0x18. The VirtIO constant is `VIRTIO_PCI_CONFIG_OFF`.
  static let configuration = 0x14

  /// The unit of `queuePageNumber`, and the alignment of used rings, in bytes. The VirtIO constants are
  /// `VIRTIO_PCI_QUEUE_ADDR_SHIFT` and `VIRTIO_PCI_VRING_ALIGN`.
  static let pageByteCount: UInt64 = 4096
}
