/// The names that QEMU's monitor gives to feature bits and status bits, and the bits they stand for.
///
/// QEMU prints each bit that it has a name for as `NAME: explanation`, and all others together as one number, so that
/// names and number together are the whole set, exactly. A name that is not here is an error, not a bit left out.
enum FeatureNames {
  /// Bits that mean the same for all devices.
  static let common: [String: Int] = [
    "VIRTIO_F_NOTIFY_ON_EMPTY": 24, "VHOST_F_LOG_ALL": 26, "VIRTIO_F_ANY_LAYOUT": 27, "VIRTIO_RING_F_INDIRECT_DESC": 28,
    "VIRTIO_RING_F_EVENT_IDX": 29,
    // Bit 30 is reserved; QEMU offers it to legacy drivers on purpose (a driver that takes it is broken), and its
    // monitor knows only what vhost-user means by it.
    "VHOST_USER_F_PROTOCOL_FEATURES": 30,
    "VIRTIO_F_VERSION_1": 32, "VIRTIO_F_IOMMU_PLATFORM": 33, "VIRTIO_F_ACCESS_PLATFORM": 33, "VIRTIO_F_RING_PACKED": 34,
    "VIRTIO_F_IN_ORDER": 35, "VIRTIO_F_ORDER_PLATFORM": 36, "VIRTIO_F_SR_IOV": 37, "VIRTIO_F_NOTIFICATION_DATA": 38,
    "VIRTIO_F_RING_RESET": 40,
  ]

  /// Block devices' bits. SPEC: Device Types / Block Device / Feature bits
  static let block: [String: Int] = [
    "VIRTIO_BLK_F_BARRIER": 0, "VIRTIO_BLK_F_SIZE_MAX": 1, "VIRTIO_BLK_F_SEG_MAX": 2, "VIRTIO_BLK_F_GEOMETRY": 4,
    "VIRTIO_BLK_F_RO": 5, "VIRTIO_BLK_F_BLK_SIZE": 6, "VIRTIO_BLK_F_SCSI": 7, "VIRTIO_BLK_F_FLUSH": 9,
    "VIRTIO_BLK_F_TOPOLOGY": 10, "VIRTIO_BLK_F_CONFIG_WCE": 11, "VIRTIO_BLK_F_MQ": 12, "VIRTIO_BLK_F_DISCARD": 13,
    "VIRTIO_BLK_F_WRITE_ZEROES": 14, "VIRTIO_BLK_F_SECURE_ERASE": 16, "VIRTIO_BLK_F_ZONED": 17,
  ]

  /// Consoles' bits. SPEC: Device Types / Console Device / Feature bits
  static let console: [String: Int] = [
    "VIRTIO_CONSOLE_F_SIZE": 0, "VIRTIO_CONSOLE_F_MULTIPORT": 1, "VIRTIO_CONSOLE_F_EMERG_WRITE": 2,
  ]

  /// Network devices' bits. SPEC: Device Types / Network Device / Feature bits
  static let network: [String: Int] = [
    "VIRTIO_NET_F_CSUM": 0, "VIRTIO_NET_F_GUEST_CSUM": 1, "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS": 2, "VIRTIO_NET_F_MTU": 3,
    "VIRTIO_NET_F_MAC": 5, "VIRTIO_NET_F_GSO": 6, "VIRTIO_NET_F_GUEST_TSO4": 7, "VIRTIO_NET_F_GUEST_TSO6": 8,
    "VIRTIO_NET_F_GUEST_ECN": 9, "VIRTIO_NET_F_GUEST_UFO": 10, "VIRTIO_NET_F_HOST_TSO4": 11,
    "VIRTIO_NET_F_HOST_TSO6": 12, "VIRTIO_NET_F_HOST_ECN": 13, "VIRTIO_NET_F_HOST_UFO": 14,
    "VIRTIO_NET_F_MRG_RXBUF": 15, "VIRTIO_NET_F_STATUS": 16, "VIRTIO_NET_F_CTRL_VQ": 17, "VIRTIO_NET_F_CTRL_RX": 18,
    "VIRTIO_NET_F_CTRL_VLAN": 19, "VIRTIO_NET_F_CTRL_RX_EXTRA": 20, "VIRTIO_NET_F_GUEST_ANNOUNCE": 21,
    "VIRTIO_NET_F_MQ": 22, "VIRTIO_NET_F_CTRL_MAC_ADDR": 23, "VIRTIO_NET_F_HASH_REPORT": 57,
    "VIRTIO_NET_F_GUEST_HDRLEN": 59, "VIRTIO_NET_F_RSS": 60, "VIRTIO_NET_F_RSC_EXT": 61, "VIRTIO_NET_F_STANDBY": 62,
    "VIRTIO_NET_F_SPEED_DUPLEX": 63,
  ]

  /// GPUs' bits. SPEC: Device Types / GPU Device / Feature bits
  static let gpu: [String: Int] = [
    "VIRTIO_GPU_F_VIRGL": 0, "VIRTIO_GPU_F_EDID": 1, "VIRTIO_GPU_F_RESOURCE_UUID": 2, "VIRTIO_GPU_F_RESOURCE_BLOB": 3,
    "VIRTIO_GPU_F_CONTEXT_INIT": 4,
  ]

  /// The device status field's bits. SPEC: Basic Facilities of a Virtio Device / Device Status Field
  static let status: [String: Int] = [
    "VIRTIO_CONFIG_S_ACKNOWLEDGE": 0, "VIRTIO_CONFIG_S_DRIVER": 1, "VIRTIO_CONFIG_S_DRIVER_OK": 2,
    "VIRTIO_CONFIG_S_FEATURES_OK": 3, "VIRTIO_CONFIG_S_NEEDS_RESET": 6, "VIRTIO_CONFIG_S_FAILED": 7,
  ]

  /// The set that a list of printed names stands for.
  static func bits(
    _ list: QMPValue?, _ what: String, in tables: [[String: Int]]
  ) throws(VirtualMachineError) -> UInt64 {
    guard let names = list?.elements else { throw .malformed(what: what, found: "\(String(describing: list))") }
    var bits: UInt64 = 0
    for entry in names {
      let name = String(entry.text?.prefix { $0 != ":" } ?? "")
      guard let bit = tables.lazy.compactMap({ $0[name] }).first else {
        throw .malformed(what: "\(what): name without a known bit", found: "\(entry)")
      }
      bits |= 1 << UInt64(bit)
    }
    return bits
  }
}
