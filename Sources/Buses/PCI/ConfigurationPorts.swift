public import DevicePlatform

/// Configuration space behind two x86 ports: the address goes to 0xcf8, the data through 0xcfc. Reaches the first 256
/// bytes of each function.
///
/// PCI Local Bus Specification 3.0, "Configuration Mechanism #1".
public struct ConfigurationPorts<Registers: RegisterAccess>: ConfigurationAccess {
  /// Where the eight ports start.
  public static var firstPort: UInt16 { 0xcf8 }

  let ports: Registers

  /// Configuration space behind a window of the eight ports from `firstPort` on.
  public init(ports: Registers) {
    precondition(ports.byteCount >= 8, "configuration ports are eight")
    self.ports = ports
  }

  /// Writes the address and returns the data's offset in the window; nil beyond the reach.
  private func select(_ function: PCIAddress, _ offset: Int, _ width: Int) -> Int? {
    precondition(offset & (width - 1) == 0, "misaligned configuration offset")
    guard 0..<256 ~= offset else { return nil }
    ports.store32(0x8000_0000 | UInt32(function.rawValue) << 8 | UInt32(offset & 0xfc), at: 0)
    return 4 + (offset & 3)
  }

  /// Reads one byte.
  public func load8(_ function: PCIAddress, at offset: Int) -> UInt8 {
    guard let data = select(function, offset, 1) else { return .max }
    return ports.load8(at: data)
  }
  /// Reads two bytes.
  public func load16(_ function: PCIAddress, at offset: Int) -> UInt16 {
    guard let data = select(function, offset, 2) else { return .max }
    return ports.load16(at: data)
  }
  /// Reads four bytes.
  public func load32(_ function: PCIAddress, at offset: Int) -> UInt32 {
    guard let data = select(function, offset, 4) else { return .max }
    return ports.load32(at: data)
  }
  /// Writes one byte.
  public func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) {
    guard let data = select(function, offset, 1) else { return }
    ports.store8(value, at: data)
  }
  /// Writes two bytes.
  public func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) {
    guard let data = select(function, offset, 2) else { return }
    ports.store16(value, at: data)
  }
  /// Writes four bytes.
  public func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) {
    guard let data = select(function, offset, 4) else { return }
    ports.store32(value, at: data)
  }
}
