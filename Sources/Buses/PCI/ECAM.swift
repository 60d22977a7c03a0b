public import DevicePlatform

/// Configuration space as a window of registers: 4 KiB per function, 1 MiB per bus.
///
/// PCI Express Base Specification, "PCI Express Enhanced Configuration Access Mechanism".
public struct ECAM<Registers: RegisterAccess>: ConfigurationAccess {
  let registers: Registers
  let firstBus: UInt8

  /// Configuration space in a window.
  ///
  /// - Parameters:
  ///   - registers: the window; it may hold fewer than 256 buses.
  ///   - firstBus: the bus at the window's start.
  public init(registers: Registers, firstBus: UInt8 = 0) {
    self.registers = registers
    self.firstBus = firstBus
  }

  /// The offset in the window; nil outside it.
  private func offset(_ function: PCIAddress, _ offset: Int, _ width: Int) -> Int? {
    precondition(offset & (width - 1) == 0, "misaligned configuration offset")
    guard function.bus >= firstBus, 0..<4096 ~= offset else { return nil }
    let position = (Int(function.rawValue) - (Int(firstBus) << 8)) << 12 | offset
    return position <= registers.byteCount - width ? position : nil
  }

  /// Reads one byte.
  public func load8(_ function: PCIAddress, at offset: Int) -> UInt8 {
    guard let position = self.offset(function, offset, 1) else { return .max }
    return registers.load8(at: position)
  }
  /// Reads two bytes.
  public func load16(_ function: PCIAddress, at offset: Int) -> UInt16 {
    guard let position = self.offset(function, offset, 2) else { return .max }
    return registers.load16(at: position)
  }
  /// Reads four bytes.
  public func load32(_ function: PCIAddress, at offset: Int) -> UInt32 {
    guard let position = self.offset(function, offset, 4) else { return .max }
    return registers.load32(at: position)
  }
  /// Writes one byte.
  public func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) {
    guard let position = self.offset(function, offset, 1) else { return }
    registers.store8(value, at: position)
  }
  /// Writes two bytes.
  public func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) {
    guard let position = self.offset(function, offset, 2) else { return }
    registers.store16(value, at: position)
  }
  /// Writes four bytes.
  public func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) {
    guard let position = self.offset(function, offset, 4) else { return }
    registers.store32(value, at: position)
  }
}
