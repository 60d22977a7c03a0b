public import DevicePlatform

/// A window of a hostile device: each read may be a lie, and the device acts before it.
public struct HostileRegisters<Base: RegisterAccess>: RegisterAccess {
  let base: Base
  let adversary: Adversary
  let watch: ResetWatch?
  /// Where the window begins, as `watch` counts.
  let origin: Int
  /// The window's size in bytes.
  public var byteCount: Int { base.byteCount }

  /// A window of `adversary`'s device.
  ///
  /// - Parameters:
  ///   - watch: told of each access.
  ///   - origin: where the window begins, as `watch` counts.
  public init(_ base: Base, of adversary: Adversary, watch: ResetWatch? = nil, origin: Int = 0) {
    self.base = base
    self.adversary = adversary
    self.watch = watch
    self.origin = origin
  }

  /// Reads one byte.
  public func load8(at offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: load(offset) { UInt32(base.load8(at: offset)) })
  }
  /// Reads two bytes.
  public func load16(at offset: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: load(offset) { UInt32(base.load16(at: offset)) })
  }
  /// Reads four bytes.
  public func load32(at offset: Int) -> UInt32 { load(offset) { base.load32(at: offset) } }
  /// Writes one byte.
  public func store8(_ value: UInt8, at offset: Int) {
    watch?.stored(UInt32(value), at: origin + offset)
    base.store8(value, at: offset)
  }
  /// Writes two bytes.
  public func store16(_ value: UInt16, at offset: Int) { base.store16(value, at: offset) }
  /// Writes four bytes.
  public func store32(_ value: UInt32, at offset: Int) {
    watch?.stored(value, at: origin + offset)
    base.store32(value, at: offset)
  }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> HostileRegisters {
    HostileRegisters(
      base.window(at: offset, byteCount: byteCount), of: adversary, watch: watch, origin: origin + offset)
  }

  private func load(_ offset: Int, _ honest: () -> UInt32) -> UInt32 {
    let value = adversary.load(origin + offset, honest)
    watch?.loaded(value, at: origin + offset)
    return value
  }
}
