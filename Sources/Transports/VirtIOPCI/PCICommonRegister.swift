/// Offsets in the common configuration structure, in bytes.
///
/// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration structure layout
enum PCICommonRegister {
  static let deviceFeatureSelect = 0x00
  static let deviceFeature = 0x04
  static let driverFeatureSelect = 0x08
  static let driverFeature = 0x0c
  /// Only with MSI-X.
  static let configurationVector = 0x10
  static let deviceStatus = 0x14
  static let configurationGeneration = 0x15
  static let queueSelect = 0x16
  static let queueSize = 0x18
  /// Only with MSI-X.
  static let queueVector = 0x1a
  static let queueEnable = 0x1c
  static let queueNotifyOffset = 0x1e
  static let queueDescriptors = 0x20
  static let queueDriver = 0x28
  static let queueDevice = 0x30

  /// What every device has; later fields come with features.
  static let minimumByteCount: UInt64 = 0x38
}
