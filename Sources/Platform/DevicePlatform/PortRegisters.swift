#if arch(x86_64)
  internal import CVireo

  /// Device registers in the x86 I/O port space.
  @frozen
  @safe
  public struct PortRegisters: RegisterAccess {
    @usableFromInline let base: UInt16
    /// The window's size in bytes (ports).
    public let byteCount: Int

    /// Takes over a range of ports. The caller must be allowed to use them (ring 0, or granted by its kernel).
    @unsafe
    public init(unsafePort base: UInt16, byteCount: Int) {
      precondition(byteCount >= 0 && Int(base) + byteCount <= 0x10000, "ports end at 0xffff")
      self.base = base
      self.byteCount = byteCount
    }

    func port(_ offset: Int, _ width: Int) -> UInt16 {
      precondition(offset & (width - 1) == 0 && offset >= 0 && offset <= byteCount - width, "port offset")
      return base &+ UInt16(truncatingIfNeeded: offset)
    }

    /// Reads one byte.
    public func load8(at offset: Int) -> UInt8 { vireo_in8(port(offset, 1)) }
    /// Reads two bytes.
    public func load16(at offset: Int) -> UInt16 { vireo_in16(port(offset, 2)) }
    /// Reads four bytes.
    public func load32(at offset: Int) -> UInt32 { vireo_in32(port(offset, 4)) }
    /// Writes one byte.
    public func store8(_ value: UInt8, at offset: Int) { vireo_out8(port(offset, 1), value) }
    /// Writes two bytes.
    public func store16(_ value: UInt16, at offset: Int) { vireo_out16(port(offset, 2), value) }
    /// Writes four bytes.
    public func store32(_ value: UInt32, at offset: Int) { vireo_out32(port(offset, 4), value) }

    /// A part of this range.
    public func window(at offset: Int, byteCount: Int) -> PortRegisters {
      precondition(offset >= 0 && byteCount >= 0 && offset <= self.byteCount - byteCount, "window outside its parent")
      return unsafe PortRegisters(unsafePort: base &+ UInt16(truncatingIfNeeded: offset), byteCount: byteCount)
    }
  }
#endif
