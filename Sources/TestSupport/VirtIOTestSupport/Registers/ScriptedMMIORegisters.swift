public import DevicePlatform
import VirtIO

/// A scripted device's registers as an MMIO window: version 1 for a legacy device, else 2.
public struct ScriptedMMIORegisters: RegisterAccess {
  /// Whose registers these are.
  public let device: ScriptedDevice
  /// The window's size in bytes.
  public let byteCount: Int
  private let base: Int

  /// The whole window.
  ///
  /// - Parameters:
  ///   - device: whose registers to show.
  ///   - byteCount: 0x100 and the configuration's size, or more.
  public init(device: ScriptedDevice, byteCount: Int = 0x200) {
    self.init(device: device, byteCount: byteCount, base: 0)
  }

  private init(device: ScriptedDevice, byteCount: Int, base: Int) {
    self.device = device
    self.byteCount = byteCount
    self.base = base
  }

  /// Reads one byte.
  public func load8(at offset: Int) -> UInt8 { UInt8(load(8, offset)) }
  /// Reads two bytes.
  public func load16(at offset: Int) -> UInt16 { UInt16(load(16, offset)) }
  /// Reads four bytes.
  public func load32(at offset: Int) -> UInt32 { load(32, offset) }
  /// Writes one byte.
  public func store8(_ value: UInt8, at offset: Int) { store(8, offset, UInt32(value)) }
  /// Writes two bytes.
  public func store16(_ value: UInt16, at offset: Int) { store(16, offset, UInt32(value)) }
  /// Writes four bytes.
  public func store32(_ value: UInt32, at offset: Int) { store(32, offset, value) }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> ScriptedMMIORegisters {
    precondition(offset >= 0 && byteCount >= 0 && offset <= self.byteCount - byteCount, "window outside its parent")
    return ScriptedMMIORegisters(device: device, byteCount: byteCount, base: base + offset)
  }

  /// The register's place in the whole window.
  private func place(_ width: Int, _ offset: Int) -> Int {
    precondition(offset >= 0 && offset <= byteCount - width / 8 && offset % (width / 8) == 0, "register offset")
    return base + offset
  }

  private func load(_ width: Int, _ offset: Int) -> UInt32 {
    let place = place(width, offset)
    return device.trace.load(width, place) {
      if device.hostility.isAbsent { return .max >> UInt32(32 - width) }
      if place >= 0x100 { return device.readConfiguration(at: place - 0x100, byteCount: width / 8) }
      if width != 32 { device.record("control register \(hex(place)) read by \(width) bits") }
      return device.readMMIO(place)
    }
  }

  private func store(_ width: Int, _ offset: Int, _ value: UInt32) {
    let place = place(width, offset)
    device.trace.store(width, place, value)
    if device.hostility.isAbsent { return }
    if place >= 0x100 { return device.writeConfiguration(value, at: place - 0x100, byteCount: width / 8) }
    if width != 32 { device.record("control register \(hex(place)) written by \(width) bits") }
    device.writeMMIO(place, value)
  }
}
