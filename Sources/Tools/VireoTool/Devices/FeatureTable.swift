// Feature bits by name, as the specification has them.

import VirtIO

package struct FeatureRow: Equatable, Sendable {
  package let bit: Int
  package let name: String
  package let words: String

  package init(_ bit: Int, _ name: String, _ words: String) {
    self.bit = bit
    self.name = name
    self.words = words
  }
}

package enum FeatureTable {
  /// SPEC: Device Types / Block Device / Feature bits
  static let block = [
    FeatureRow(0, "VIRTIO_BLK_F_BARRIER", "request barriers (legacy)"),
    FeatureRow(1, "VIRTIO_BLK_F_SIZE_MAX", "segments have a largest size"),
    FeatureRow(2, "VIRTIO_BLK_F_SEG_MAX", "requests have a largest number of segments"),
    FeatureRow(4, "VIRTIO_BLK_F_GEOMETRY", "cylinders, heads and sectors"),
    FeatureRow(5, "VIRTIO_BLK_F_RO", "read-only"),
    FeatureRow(6, "VIRTIO_BLK_F_BLK_SIZE", "names its block size"),
    FeatureRow(7, "VIRTIO_BLK_F_SCSI", "SCSI commands (legacy)"),
    FeatureRow(9, "VIRTIO_BLK_F_FLUSH", "a cache that can be flushed"),
    FeatureRow(10, "VIRTIO_BLK_F_TOPOLOGY", "names the best alignment"),
    FeatureRow(11, "VIRTIO_BLK_F_CONFIG_WCE", "the cache can be switched"),
    FeatureRow(12, "VIRTIO_BLK_F_MQ", "several request queues"),
    FeatureRow(13, "VIRTIO_BLK_F_DISCARD", "discards"),
    FeatureRow(14, "VIRTIO_BLK_F_WRITE_ZEROES", "writes zeroes without data"),
    FeatureRow(15, "VIRTIO_BLK_F_LIFETIME", "tells its wear"),
    FeatureRow(16, "VIRTIO_BLK_F_SECURE_ERASE", "erases securely"),
    FeatureRow(17, "VIRTIO_BLK_F_ZONED", "zones"),
  ]

  /// SPEC: Device Types / GPU Device / Feature bits
  static let gpu = [
    FeatureRow(0, "VIRTIO_GPU_F_VIRGL", "three dimensions"),
    FeatureRow(1, "VIRTIO_GPU_F_EDID", "tells what its displays can do"),
    FeatureRow(2, "VIRTIO_GPU_F_RESOURCE_UUID", "names resources for other devices"),
    FeatureRow(3, "VIRTIO_GPU_F_RESOURCE_BLOB", "resources of a size in bytes"),
    FeatureRow(4, "VIRTIO_GPU_F_CONTEXT_INIT", "contexts of several types"),
    FeatureRow(5, "VIRTIO_GPU_F_BLOB_ALIGNMENT", "names the alignment of resources of a size in bytes"),
  ]

  /// SPEC: Reserved Feature Bits
  static let common = [
    FeatureRow(24, "VIRTIO_F_NOTIFY_ON_EMPTY", "interrupts when a queue runs empty (legacy)"),
    FeatureRow(27, "VIRTIO_F_ANY_LAYOUT", "any layout of descriptors (legacy)"),
    FeatureRow(28, "VIRTIO_F_INDIRECT_DESC", "chains in tables of their own"),
    FeatureRow(29, "VIRTIO_F_EVENT_IDX", "notifications asked for by position"),
    FeatureRow(32, "VIRTIO_F_VERSION_1", "complies with version 1 of the specification"),
    FeatureRow(33, "VIRTIO_F_ACCESS_PLATFORM", "its memory is translated or restricted"),
    FeatureRow(34, "VIRTIO_F_RING_PACKED", "packed queues"),
    FeatureRow(35, "VIRTIO_F_IN_ORDER", "uses buffers in order"),
    FeatureRow(36, "VIRTIO_F_ORDER_PLATFORM", "needs the platform's memory ordering"),
    FeatureRow(37, "VIRTIO_F_SR_IOV", "virtual functions"),
    FeatureRow(38, "VIRTIO_F_NOTIFICATION_DATA", "notifications carry positions"),
    FeatureRow(39, "VIRTIO_F_NOTIF_CONFIG_DATA", "notifications carry data of the device's own"),
    FeatureRow(40, "VIRTIO_F_RING_RESET", "single queues can be reset"),
    FeatureRow(41, "VIRTIO_F_ADMIN_VQ", "administration queues"),
  ]

  /// A row for each bit of a set, the lowest first.
  package static func rows(_ features: FeatureSet, of type: DeviceType) -> [FeatureRow] {
    let known = (type == .block ? block : type == .gpu ? gpu : []) + common
    return (0..<128).filter { features.contains(FeatureSet(bit: $0)) }.map { bit in
      known.first { $0.bit == bit } ?? FeatureRow(bit, "bit \(bit)", "not known here")
    }
  }
}
