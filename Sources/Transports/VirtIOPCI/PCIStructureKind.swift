/// What a capability with a window leads to.
enum PCIStructureKind: UInt8, CaseIterable {
  /// The VirtIO constant is `VIRTIO_PCI_CAP_COMMON_CFG`.
  case common = 1
  /// The VirtIO constant is `VIRTIO_PCI_CAP_NOTIFY_CFG`.
  case notification = 2
  /// The VirtIO constant is `VIRTIO_PCI_CAP_ISR_CFG`.
  case interruptStatus = 3
  /// The VirtIO constant is `VIRTIO_PCI_CAP_DEVICE_CFG`.
  case device = 4

  /// What error messages call it.
  var name: StaticString {
    switch self {
    case .common: "common configuration"
    case .notification: "notification structure"
    case .interruptStatus: "ISR status"
    case .device: "device-specific configuration"
    }
  }

  /// How many bytes the capability has at least; the notification capability has its multiplier behind it.
  var capabilityByteCount: UInt8 { self == .notification ? 20 : 16 }

  /// How many bytes the structure has at least.
  var minimumByteCount: UInt64 {
    switch self {
    case .common: PCICommonRegister.minimumByteCount
    case .notification: 2
    case .interruptStatus, .device: 1
    }
  }

  /// How many bytes of the structure are mapped at most. Known fields end before; a notification structure is as long
  /// as the device has queues, and the longest that queues can reach is 65 535 multipliers.
  var maximumByteCount: UInt64 {
    switch self {
    case .common: 0x40
    case .notification: .max
    case .interruptStatus: 1
    case .device: 4096
    }
  }

  /// What the structure's offset in its BAR must be a multiple of.
  ///
  /// SPEC: devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration
  /// structure layout
  /// SPEC: devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Notification capability
  /// SPEC: devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Device-specific
  /// configuration
  var alignment: UInt64 {
    switch self {
    case .common, .device: 4
    case .notification: 2
    case .interruptStatus: 1
    }
  }

  /// `alignment` in words.
  var alignmentWords: StaticString { self == .notification ? "a multiple of 2" : "a multiple of 4" }
}
