public import DevicePlatform

/// Registers of an emulated machine, in its memory or among its I/O ports: one type, so that a PCI device's BARs of
/// both kinds are windows of one type.
///
/// A register access cannot throw: when the emulator is gone, reads are all ones, writes are nothing, and the
/// connection's `failure` says why.
public struct QTestRegisters: RegisterAccess {
  /// Where addresses count.
  public enum Space: Sendable {
    /// Memory addresses.
    case memory
    /// x86 I/O ports.
    case ports
  }

  /// Where addresses count.
  public let space: Space
  /// The window's address in that space.
  public let base: UInt64
  /// The window's size in bytes.
  public let byteCount: Int
  private let connection: QTestConnection

  /// A window of a machine's address space.
  public init(connection: QTestConnection, space: Space, base: UInt64, byteCount: Int) {
    precondition(byteCount >= 0 && base <= .max - UInt64(byteCount), "a register window ends within the address space")
    precondition(space == .memory || base + UInt64(byteCount) <= 0x1_0000, "ports end at 0xffff")
    self.connection = connection
    self.space = space
    self.base = base
    self.byteCount = byteCount
  }

  /// Reads one byte.
  public func load8(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load("b", offset, 1)) }
  /// Reads two bytes.
  public func load16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: load("w", offset, 2)) }
  /// Reads four bytes.
  public func load32(at offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: load("l", offset, 4)) }
  /// Writes one byte.
  public func store8(_ value: UInt8, at offset: Int) { store("b", offset, 1, UInt64(value)) }
  /// Writes two bytes.
  public func store16(_ value: UInt16, at offset: Int) { store("w", offset, 2, UInt64(value)) }
  /// Writes four bytes.
  public func store32(_ value: UInt32, at offset: Int) { store("l", offset, 4, UInt64(value)) }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> QTestRegisters {
    precondition(offset >= 0 && byteCount >= 0 && offset <= self.byteCount - byteCount, "window outside its parent")
    return QTestRegisters(connection: connection, space: space, base: base + UInt64(offset), byteCount: byteCount)
  }

  private func address(_ offset: Int, _ width: Int) -> String {
    precondition(offset & (width - 1) == 0 && offset >= 0 && offset <= byteCount - width, "register offset")
    return "0x" + String(base + UInt64(offset), radix: 16)
  }

  private func load(_ suffix: String, _ offset: Int, _ width: Int) -> UInt64 {
    connection.load((space == .memory ? "read" : "in") + suffix + " " + address(offset, width))
  }

  private func store(_ suffix: String, _ offset: Int, _ width: Int, _ value: UInt64) {
    let verb = (space == .memory ? "write" : "out") + suffix
    connection.store(verb + " " + address(offset, width) + " 0x" + String(value, radix: 16))
  }
}
