// A block device's configuration in words.

import VirtIO
import VirtIOBlock

/// One field: what the device says, and in which unit.
package struct ConfigurationRow: Equatable, Sendable {
  package let name: String
  package let words: String
}

/// SPEC: Device Types / Block Device / Device configuration layout
package struct BlockConfiguration {
  private let bytes: [UInt8]
  private let features: FeatureSet

  package init(_ bytes: [UInt8], features: FeatureSet) {
    self.bytes = bytes
    self.features = features
  }

  private func number(_ offset: Int, _ byteCount: Int) -> UInt64? {
    guard offset + byteCount <= bytes.count else { return nil }
    return (0..<byteCount).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }

  private func has(_ bit: Int) -> Bool { features.contains(FeatureSet(bit: bit)) }

  /// The fields that the offered features give a meaning to.
  package var rows: [ConfigurationRow] {
    var rows: [ConfigurationRow] = []
    func add(_ name: String, _ offset: Int, _ byteCount: Int, _ words: (UInt64) -> String) {
      rows.append(ConfigurationRow(name: name, words: number(offset, byteCount).map(words) ?? "missing"))
    }
    add("capacity", 0, 8) { "\($0) sectors of 512 bytes\($0 < 1 << 54 ? " = \($0 * 512) bytes" : "")" }
    if has(1) { add("size_max", 8, 4) { $0 == 0 ? "0: no limit" : "\($0) bytes a segment" } }
    if has(2) { add("seg_max", 12, 4) { "\($0) segments a request" } }
    if has(4) {
      add("cylinders", 16, 2) { "\($0)" }
      add("heads", 18, 1) { "\($0)" }
      add("sectors", 19, 1) { "\($0) a track" }
    }
    if has(6) { add("blk_size", 20, 4) { "\($0) bytes" } }
    if has(10) {
      add("physical_block_exp", 24, 1) { "\($0): 2^\($0) logical blocks in a physical one" }
      add("alignment_offset", 25, 1) { "\($0) logical blocks" }
      add("min_io_size", 26, 2) { "\($0) logical blocks" }
      add("opt_io_size", 28, 4) { $0 == 0 ? "0: not said" : "\($0) logical blocks" }
    }
    if has(11) { add("writeback", 32, 1) { $0 == 0 ? "0: writes are durable at once" : "\($0): writes are cached" } }
    if has(12) { add("num_queues", 34, 2) { "\($0) request queues" } }
    if has(13) {
      add("max_discard_sectors", 36, 4) { "\($0) sectors of 512 bytes" }
      add("max_discard_seg", 40, 4) { "\($0) segments" }
      add("discard_sector_alignment", 44, 4) { "\($0) sectors of 512 bytes" }
    }
    if has(14) {
      add("max_write_zeroes_sectors", 48, 4) { "\($0) sectors of 512 bytes" }
      add("max_write_zeroes_seg", 52, 4) { "\($0) segments" }
      add("write_zeroes_may_unmap", 56, 1) { "\($0): \($0 == 0 ? "never" : "may") deallocate" }
    }
    if has(16) {
      add("max_secure_erase_sectors", 60, 4) { "\($0) sectors of 512 bytes" }
      add("max_secure_erase_seg", 64, 4) { "\($0) segments" }
      add("secure_erase_sector_alignment", 68, 4) { "\($0) sectors of 512 bytes" }
    }
    return rows
  }

  /// Where the device breaks a rule with what it offers and says.
  package func problems(queueCount: UInt16) -> [DeviceProblem] {
    let initialisation = "devicenormative:Device Types / Block Device / Device Initialization"
    var result: [DeviceProblem] = []
    if !features.contains(.version1) {
      result.append(
        DeviceProblem("VIRTIO_F_VERSION_1 is not offered", clause: "devicenormative:Reserved Feature Bits"))
    }
    if has(11), !has(9) {
      result.append(
        DeviceProblem("VIRTIO_BLK_F_CONFIG_WCE is offered without VIRTIO_BLK_F_FLUSH", clause: initialisation))
    }
    if let padding = number(33, 1), padding != 0 {
      result.append(DeviceProblem("unused0 is \(padding), expected 0", clause: initialisation))
    }
    if let padding = number(57, 3), padding != 0 {
      result.append(DeviceProblem("unused1 is 0x\(String(padding, radix: 16)), expected 0", clause: initialisation))
    }
    if has(12), let queues = number(34, 2), queues != UInt64(queueCount) {
      result.append(
        DeviceProblem(
          "num_queues is \(queues), and the back-end says that it has \(queueCount) queues",
          clause: "Device Types / Block Device / Virtqueues"))
    }
    if has(1), number(8, 4) == 0 {
      result.append(
        DeviceProblem("VIRTIO_BLK_F_SIZE_MAX is offered and size_max is 0: taken for no limit", clause: nil))
    }
    for row in rows where row.words == "missing" {
      result.append(
        DeviceProblem(
          "the configuration has \(bytes.count) bytes, and no \(row.name) although its feature is offered",
          clause: "devicenormative:Basic Facilities of a Virtio Device / Device Configuration Space"))
    }
    return result
  }
}
