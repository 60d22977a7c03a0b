import DevicePlatform
import PCI
import VirtIO

/// A structure of the device, located and checked: within its BAR, aligned, long enough.
struct PCIStructure {
  let kind: PCIStructureKind
  let bar: UInt8
  /// Where the CPU finds the BAR.
  let location: BARLocation
  /// From the BAR's start.
  let offset: UInt64
  let byteCount: UInt64
  /// The notification structure's only; else 0.
  let notifyMultiplier: UInt32

  /// Reads a capability, each field once.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / Virtio Structure PCI Capabilities
  init<Access: ConfigurationAccess>(
    _ kind: PCIStructureKind, at capability: Int, of function: PCIAddress, access: Access, placement: Placement
  ) throws(TransportError) {
    let capabilityByteCount = access.load8(function, at: capability + 2)
    guard capabilityByteCount >= kind.capabilityByteCount, capability + Int(capabilityByteCount) <= 256 else {
      throw .malformedCapability(
        kind.name, field: "cap_len", value: UInt64(capabilityByteCount),
        expected: kind == .notification ? "20 or more, within 256 bytes" : "16 or more, within 256 bytes")
    }
    self.kind = kind
    bar = access.load8(function, at: capability + 4)
    offset = UInt64(access.load32(function, at: capability + 8))
    let length = UInt64(access.load32(function, at: capability + 12))
    notifyMultiplier = kind == .notification ? access.load32(function, at: capability + 16) : 0

    guard let location = placement.location(ofBAR: bar) else { throw .barUnusable(index: bar) }
    self.location = location
    guard length >= kind.minimumByteCount, offset <= location.byteCount, length <= location.byteCount - offset else {
      throw .windowOutOfRange(kind.name, offset: offset, byteCount: length, limit: location.byteCount)
    }
    guard offset & (kind.alignment - 1) == 0 else {
      throw .malformedCapability(kind.name, field: "offset", value: offset, expected: kind.alignmentWords)
    }
    let isPowerOfTwo = notifyMultiplier & (notifyMultiplier &- 1) == 0
    guard isPowerOfTwo, notifyMultiplier != 1 else {
      throw .malformedCapability(
        kind.name, field: "notify_off_multiplier", value: UInt64(notifyMultiplier),
        expected: "0 or a power of two above 1")
    }
    byteCount = min(length, kind.maximumByteCount)
  }

  /// Maps the structure: whole pages of the BAR before it, so that a platform never sees an odd address.
  func map<Mapper: RegisterMapper>(_ mapper: Mapper) throws(TransportError) -> Mapper.Registers {
    let start = offset & ~0xfff
    let inside = offset - start
    guard let end = Int(exactly: inside + byteCount),
      let registers = mapper.map(
        address: location.address + start, byteCount: inside + byteCount, space: location.space),
      registers.byteCount >= end
    else { throw .barUnusable(index: bar) }
    return registers.window(at: Int(inside), byteCount: Int(byteCount))
  }
}
