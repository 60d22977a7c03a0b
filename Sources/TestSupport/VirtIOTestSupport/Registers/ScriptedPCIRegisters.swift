public import DevicePlatform
import VirtIO

/// A window of a scripted PCI function: what is behind BAR 4 or, with legacy registers, behind BAR 0.
public struct ScriptedPCIRegisters: RegisterAccess {
  /// Whose window this is.
  public let function: ScriptedPCIFunction
  /// The window's size in bytes.
  public let byteCount: Int
  private let base: Int
  private let isPorts: Bool

  /// The whole window behind BAR 4.
  public init(function: ScriptedPCIFunction) {
    self.init(function: function, byteCount: ScriptedPCIFunction.windowByteCount, base: 0, isPorts: false)
  }

  /// The whole window behind BAR 0.
  public init(portsOf function: ScriptedPCIFunction) {
    self.init(function: function, byteCount: function.portByteCount, base: 0, isPorts: true)
  }

  private init(function: ScriptedPCIFunction, byteCount: Int, base: Int, isPorts: Bool) {
    self.function = function
    self.isPorts = isPorts
    self.byteCount = byteCount
    self.base = base
  }

  /// Reads one byte.
  public func load8(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load(1, offset)) }
  /// Reads two bytes.
  public func load16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: load(2, offset)) }
  /// Reads four bytes.
  public func load32(at offset: Int) -> UInt32 { load(4, offset) }
  /// Writes one byte.
  public func store8(_ value: UInt8, at offset: Int) { store(1, offset, UInt32(value)) }
  /// Writes two bytes.
  public func store16(_ value: UInt16, at offset: Int) { store(2, offset, UInt32(value)) }
  /// Writes four bytes.
  public func store32(_ value: UInt32, at offset: Int) { store(4, offset, value) }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> ScriptedPCIRegisters {
    precondition(offset >= 0 && byteCount >= 0 && offset <= self.byteCount - byteCount, "window outside its parent")
    return ScriptedPCIRegisters(function: function, byteCount: byteCount, base: base + offset, isPorts: isPorts)
  }

  private func place(_ width: Int, _ offset: Int) -> Int {
    precondition(offset >= 0 && offset <= byteCount - width && offset % width == 0, "register offset")
    return base + offset
  }

  private func load(_ width: Int, _ offset: Int) -> UInt32 {
    let place = place(width, offset)
    return function.device.trace.load(8 * width, place) {
      isPorts ? function.loadPort(place, byteCount: width) : function.load(place, byteCount: width)
    }
  }

  private func store(_ width: Int, _ offset: Int, _ value: UInt32) {
    let place = place(width, offset)
    function.device.trace.store(8 * width, place, value)
    if isPorts {
      function.storePort(place, byteCount: width, value)
    } else {
      function.store(place, byteCount: width, value)
    }
  }
}
