public import DevicePlatform
public import PCI
public import VirtIOTestSupport

/// A window of a hostile device: each read may be a lie, and the device acts before it.
public struct HostileRegisters<Base: RegisterAccess>: RegisterAccess {
  let base: Base
  let device: HostileDevice
  /// The window's size in bytes.
  public var byteCount: Int { base.byteCount }

  /// `device`'s window.
  public init(_ base: Base, of device: HostileDevice) {
    self.base = base
    self.device = device
  }

  /// Reads one byte.
  public func load8(at offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: device.load(offset, 1) { UInt32(base.load8(at: offset)) })
  }
  /// Reads two bytes.
  public func load16(at offset: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: device.load(offset, 2) { UInt32(base.load16(at: offset)) })
  }
  /// Reads four bytes.
  public func load32(at offset: Int) -> UInt32 { device.load(offset, 4) { base.load32(at: offset) } }
  /// Writes one byte.
  public func store8(_ value: UInt8, at offset: Int) { base.store8(value, at: offset) }
  /// Writes two bytes.
  public func store16(_ value: UInt16, at offset: Int) { base.store16(value, at: offset) }
  /// Writes four bytes.
  public func store32(_ value: UInt32, at offset: Int) { base.store32(value, at: offset) }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> HostileRegisters {
    HostileRegisters(base.window(at: offset, byteCount: byteCount), of: device)
  }
}

/// The bus of a hostile function: configuration space lies, too.
public struct HostileBus: ConfigurationAccess, RegisterMapper {
  let base: ScriptedPCIBus
  let device: HostileDevice

  /// The bus that `device` is on.
  public init(_ base: ScriptedPCIBus, of device: HostileDevice) {
    self.base = base
    self.device = device
  }

  /// Reads one byte.
  public func load8(_ function: PCIAddress, at offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: device.load(-2 - offset, 1) { UInt32(base.load8(function, at: offset)) })
  }
  /// Reads two bytes.
  public func load16(_ function: PCIAddress, at offset: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: device.load(-2 - offset, 2) { UInt32(base.load16(function, at: offset)) })
  }
  /// Reads four bytes.
  public func load32(_ function: PCIAddress, at offset: Int) -> UInt32 {
    device.load(-2 - offset, 4) { base.load32(function, at: offset) }
  }
  /// Writes one byte.
  public func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) {
    base.store8(value, function, at: offset)
  }
  /// Writes two bytes.
  public func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) {
    base.store16(value, function, at: offset)
  }
  /// Writes four bytes.
  public func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) {
    base.store32(value, function, at: offset)
  }

  /// What is at an address of a BAR.
  public func map(
    address: UInt64, byteCount: UInt64, space: AddressSpace
  ) -> HostileRegisters<ScriptedPCIRegisters>? {
    base.map(address: address, byteCount: byteCount, space: space).map { HostileRegisters($0, of: device) }
  }
}
