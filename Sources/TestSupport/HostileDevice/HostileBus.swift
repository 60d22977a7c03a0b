import DevicePlatform
public import PCI
public import VirtIOTestSupport

/// A bus of hostile functions: configuration space lies, too.
public struct HostileBus: ConfigurationAccess, RegisterMapper {
  let base: ScriptedPCIBus
  let adversary: Adversary
  let watch: ResetWatch?

  /// The bus that the functions of `adversary` are on.
  public init(_ base: ScriptedPCIBus, of adversary: Adversary, watch: ResetWatch? = nil) {
    self.base = base
    self.adversary = adversary
    self.watch = watch
  }

  /// Reads one byte.
  public func load8(_ function: PCIAddress, at offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: load(offset, 1) { UInt32(base.load8(function, at: offset)) })
  }
  /// Reads two bytes.
  public func load16(_ function: PCIAddress, at offset: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: load(offset, 2) { UInt32(base.load16(function, at: offset)) })
  }
  /// Reads four bytes.
  public func load32(_ function: PCIAddress, at offset: Int) -> UInt32 {
    load(offset, 4) { base.load32(function, at: offset) }
  }
  /// Writes one byte.
  public func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) {
    if isInside(offset, 1) { base.store8(value, function, at: offset) }
  }
  /// Writes two bytes.
  public func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) {
    if isInside(offset, 2) { base.store16(value, function, at: offset) }
  }
  /// Writes four bytes.
  public func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) {
    if isInside(offset, 4) { base.store32(value, function, at: offset) }
  }

  private func load(_ offset: Int, _ byteCount: Int, _ honest: () -> UInt32) -> UInt32 {
    // Negative, so that a driver that polls is told apart from one that polls a register.
    isInside(offset, byteCount) ? adversary.load(-2 - offset, honest) : .max
  }

  private func isInside(_ offset: Int, _ byteCount: Int) -> Bool {
    let isFine = offset >= 0 && offset % byteCount == 0 && offset + byteCount <= 256
    if !isFine { adversary.report("configuration space accessed at \(offset), \(byteCount) bytes") }
    return isFine
  }

  /// What is at an address of a BAR.
  public func map(
    address: UInt64, byteCount: UInt64, space: AddressSpace
  ) -> HostileRegisters<ScriptedPCIRegisters>? {
    guard let window = base.map(address: address, byteCount: byteCount, space: space) else { return nil }
    let start = space == .memory ? window.function.windowAddress : window.function.portAddress
    return HostileRegisters(
      window, of: adversary, watch: watch, origin: Int(truncatingIfNeeded: address &- start))
  }
}
