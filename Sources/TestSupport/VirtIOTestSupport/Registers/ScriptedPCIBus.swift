public import PCI

/// A PCI bus with scripted functions on it: configuration access by address, and windows by what their BARs say.
public struct ScriptedPCIBus: ConfigurationAccess, RegisterMapper {
  /// The functions and where they are.
  public let functions: [PCIAddress: ScriptedPCIFunction]

  /// A bus with these functions.
  public init(_ functions: [PCIAddress: ScriptedPCIFunction]) { self.functions = functions }

  /// A bus with one function, at 00:04.0.
  public init(_ function: ScriptedPCIFunction) {
    self.init([PCIAddress(bus: 0, device: 4): function])
  }

  private func load(_ address: PCIAddress, _ offset: Int, _ byteCount: Int) -> UInt32 {
    functions[address]?.readConfiguration(at: offset, byteCount: byteCount) ?? .max
  }

  private func store(_ value: UInt32, _ address: PCIAddress, _ offset: Int, _ byteCount: Int) {
    functions[address]?.writeConfiguration(value, at: offset, byteCount: byteCount)
  }

  /// Reads one byte; ones where nothing answers.
  public func load8(_ function: PCIAddress, at offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: load(function, offset, 1))
  }
  /// Reads two bytes; ones where nothing answers.
  public func load16(_ function: PCIAddress, at offset: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: load(function, offset, 2))
  }
  /// Reads four bytes; ones where nothing answers.
  public func load32(_ function: PCIAddress, at offset: Int) -> UInt32 { load(function, offset, 4) }
  /// Writes one byte.
  public func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) {
    store(UInt32(value), function, offset, 1)
  }
  /// Writes two bytes.
  public func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) {
    store(UInt32(value), function, offset, 2)
  }
  /// Writes four bytes.
  public func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) { store(value, function, offset, 4) }

  /// The part of a function's window that BAR 4, or BAR 0 for ports, has put at `address`; nil where there is none.
  public func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> ScriptedPCIRegisters? {
    for function in functions.values {
      let start = space == .memory ? function.windowAddress : function.portAddress
      guard start != 0, address >= start else { continue }
      let whole =
        space == .memory ? ScriptedPCIRegisters(function: function) : ScriptedPCIRegisters(portsOf: function)
      let offset = address - start
      let limit = UInt64(whole.byteCount)
      guard offset < limit, byteCount <= limit - offset else { continue }
      return whole.window(at: Int(offset), byteCount: Int(byteCount))
    }
    return nil
  }
}
