import DevicePlatform
import PCI
import VirtIO

/// The register windows of one device, whichever of the two interfaces they belong to.
struct PCIWindows<Registers: RegisterAccess> {
  /// True for the legacy interface.
  let isLegacy: Bool
  /// The common configuration, or the legacy registers up to the device-specific configuration.
  let common: Registers
  /// The notification structure, or the one legacy doorbell.
  let notification: Registers
  /// Bytes between two queues' doorbells for each step of their notification offset; 0 on the legacy interface.
  let notifyMultiplier: UInt32
  /// The interrupt status, one byte.
  let interruptStatus: Registers
  /// The device-specific configuration; nil for a device that has none.
  let configuration: Registers?

  /// Maps the structures that capabilities led to.
  init<Mapper: RegisterMapper>(
    _ structures: PCIStructures, placement: Placement, mapper: Mapper
  ) throws(TransportError) where Mapper.Registers == Registers {
    let missing = structures.spaces.subtracting(placement.decodable)
    if !missing.isEmpty { throw .barUnusable(index: placement.firstUnplaced(isIO: missing.contains(.io))) }
    let notificationStructure = try structures.required(.notification)
    isLegacy = false
    common = try structures.required(.common).map(mapper)
    notification = try notificationStructure.map(mapper)
    notifyMultiplier = notificationStructure.notifyMultiplier
    interruptStatus = try structures.required(.interruptStatus).map(mapper)
    if let structure = structures[.device] { configuration = try structure.map(mapper) } else { configuration = nil }
  }

  /// Maps the legacy registers: an I/O BAR 0, from its start.
  ///
  /// - Throws: `.unknownRevision` unless it is 0, `.missing` without such a BAR, `.barUnusable` for one without an
  ///   address or where the platform maps nothing, `.windowOutOfRange` for one without room for all registers.
  ///
  /// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Legacy Interfaces: A Note on PCI Device
  /// Layout
  init<Mapper: RegisterMapper>(
    legacy function: PCIFunction, placement: Placement, mapper: Mapper
  ) throws(TransportError) where Mapper.Registers == Registers {
    guard function.revision == 0 else { throw .unknownRevision(function.revision) }
    guard placement.registers.contains(where: { $0.index == 0 && $0.kind == .io }) else {
      throw .missing("I/O BAR 0, which holds the registers of a legacy device")
    }
    guard let location = placement.location(ofBAR: 0) else { throw .barUnusable(index: 0) }
    guard placement.decodable.contains(.io) else { throw .barUnusable(index: placement.firstUnplaced(isIO: true)) }
    let start = PCILegacyRegister.configuration
    guard location.byteCount >= UInt64(start) else {
      throw .windowOutOfRange(
        "legacy register window", offset: 0, byteCount: UInt64(start), limit: location.byteCount)
    }
    let byteCount = min(location.byteCount, UInt64(start) + PCIStructureKind.device.maximumByteCount)
    guard let registers = mapper.map(address: location.address, byteCount: byteCount, space: location.space),
      registers.byteCount >= Int(byteCount)
    else { throw .barUnusable(index: 0) }
    isLegacy = true
    common = registers.window(at: 0, byteCount: start)
    notification = registers.window(at: PCILegacyRegister.queueNotify, byteCount: 2)
    notifyMultiplier = 0
    interruptStatus = registers.window(at: PCILegacyRegister.interruptStatus, byteCount: 1)
    configuration = registers.window(at: start, byteCount: Int(byteCount) - start)
  }
}
