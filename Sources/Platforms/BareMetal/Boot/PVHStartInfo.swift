/// Memory that can be read a byte at a time and says where it ends.
protocol ByteMemory {
  /// The byte at `address`, or nil where there is nothing to be read.
  func byte(at address: UInt64) -> UInt8?
}

extension ByteMemory {
  func value(at address: UInt64, byteCount: Int) -> UInt64? {
    var value: UInt64 = 0
    for index in 0..<UInt64(byteCount) {
      let (place, overflow) = address.addingReportingOverflow(index)
      guard !overflow, let byte = byte(at: place) else { return nil }
      value |= UInt64(byte) << (8 * index)
    }
    return value
  }
}

/// What a PVH boot loader hands over: `struct hvm_start_info` of Xen's public headers, little-endian.
///
/// Addresses in it are read only where `memory` says that there is something, and counts are bounded: whatever the
/// loader left there, reading ends.
struct PVHStartInfo<Memory: ByteMemory> {
  private let memory: Memory
  private let address: UInt64

  /// More entries than any machine has; an e820 map has at most 128.
  static var longestMap: UInt64 { 128 }
  /// As long as Linux's longest on x86, doubled.
  static var longestCommandLine: Int { 4096 }

  /// The start info at `address`, or nil when there is none.
  init?(at address: UInt64, in memory: Memory) {
    guard memory.value(at: address, byteCount: 4) == 0x336e_c578, memory.byte(at: address &+ 39) != nil else {
      return nil
    }
    self.memory = memory
    self.address = address
  }

  private func field(_ offset: UInt64, _ byteCount: Int) -> UInt64 {
    memory.value(at: address &+ offset, byteCount: byteCount) ?? 0
  }

  /// Version 1 has the memory map.
  var version: UInt64 { field(4, 4) }
  /// Where the ACPI root pointer is; 0 when there is none.
  var rootPointer: UInt64 { field(32, 8) }

  /// The bytes of the command line; empty when there is none, cut off where it does not end.
  var commandLine: [UInt8] {
    let start = field(24, 8)
    var bytes: [UInt8] = []
    if start == 0 { return bytes }
    while bytes.count < Self.longestCommandLine {
      let (place, overflow) = start.addingReportingOverflow(UInt64(bytes.count))
      guard !overflow, let byte = memory.byte(at: place), byte != 0 else { break }
      bytes.append(byte)
    }
    return bytes
  }

  /// Ranges of ordinary RAM (type 1), as the loader lists them.
  var ram: [MemoryRange] {
    let start = field(40, 8)
    guard version >= 1, start != 0 else { return [] }
    var ranges: [MemoryRange] = []
    for index in 0..<min(field(48, 4), Self.longestMap) {
      // `struct hvm_memmap_table_entry`: address, size, type, reserved.
      let (entry, overflow) = start.addingReportingOverflow(index * 24)
      guard !overflow, let base = memory.value(at: entry, byteCount: 8),
        let size = memory.value(at: entry &+ 8, byteCount: 8), let type = memory.value(at: entry &+ 16, byteCount: 4)
      else { break }
      let range = MemoryRange(start: UInt(base), byteCount: UInt(size))
      if type == 1, !range.isEmpty { ranges.append(range) }
    }
    return ranges
  }
}
