public import CVireo

/// Device registers that the platform has mapped into the address space, uncached.
@frozen
@safe
public struct MappedRegisters: RegisterAccess {
  @usableFromInline let base: UInt
  /// The window's size in bytes.
  public let byteCount: Int

  /// Takes over a mapping.
  ///
  /// - Parameters:
  ///   - address: where the window starts, a multiple of 4. The mapping must stay for as long as any copy of this
  ///     value is used, and must be device memory (uncached, no speculation).
  ///   - byteCount: the window's size.
  @inlinable
  @unsafe
  public init(unsafeAddress address: UInt, byteCount: Int) {
    precondition(address & 3 == 0 && byteCount >= 0, "a register window starts at a multiple of 4")
    base = address
    self.byteCount = byteCount
  }

  /// A part of a mapping, wherever it starts: a device may put a byte-wide register at an odd address.
  @inlinable
  init(base: UInt, byteCount: Int) {
    self.base = base
    self.byteCount = byteCount
  }

  /// What has to be aligned is the access itself: a window may start anywhere in its mapping.
  @inlinable @inline(__always)
  func address(_ offset: Int, _ width: Int) -> UInt {
    let address = base &+ UInt(bitPattern: offset)
    precondition(address & UInt(width - 1) == 0 && offset >= 0 && offset <= byteCount - width, "register offset")
    return address
  }

  /// Reads one byte.
  @inlinable @inline(__always)
  public func load8(at offset: Int) -> UInt8 { vireo_load8(address(offset, 1)) }
  /// Reads two bytes.
  @inlinable @inline(__always)
  public func load16(at offset: Int) -> UInt16 { vireo_load16(address(offset, 2)) }
  /// Reads four bytes.
  @inlinable @inline(__always)
  public func load32(at offset: Int) -> UInt32 { vireo_load32(address(offset, 4)) }
  /// Writes one byte.
  @inlinable @inline(__always)
  public func store8(_ value: UInt8, at offset: Int) { vireo_store8(address(offset, 1), value) }
  /// Writes two bytes.
  @inlinable @inline(__always)
  public func store16(_ value: UInt16, at offset: Int) { vireo_store16(address(offset, 2), value) }
  /// Writes four bytes.
  @inlinable @inline(__always)
  public func store32(_ value: UInt32, at offset: Int) { vireo_store32(address(offset, 4), value) }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> MappedRegisters {
    precondition(offset >= 0 && byteCount >= 0 && offset <= self.byteCount - byteCount, "window outside its parent")
    return MappedRegisters(base: base &+ UInt(bitPattern: offset), byteCount: byteCount)
  }
}
