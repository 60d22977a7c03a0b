/// Device registers wherever the machine has them: mapped memory or, on x86, I/O ports.
///
/// One type for both, so that a bus whose devices have windows of both kinds can be served with one driver per device
/// type. Where there are no ports this is `MappedRegisters` under another name, and costs the same; on x86 each access
/// has one branch more, which always goes the same way for one window.
@frozen
public enum MachineRegisters: RegisterAccess {
  /// Registers in the address space.
  case memory(MappedRegisters)
  #if arch(x86_64)
    /// Registers in the port space.
    case ports(PortRegisters)
  #endif

  /// The window's size in bytes.
  @inlinable
  public var byteCount: Int {
    switch self {
    case .memory(let window): window.byteCount
    #if arch(x86_64)
      case .ports(let window): window.byteCount
    #endif
    }
  }

  /// Reads one byte.
  @inlinable @inline(__always)
  public func load8(at offset: Int) -> UInt8 {
    switch self {
    case .memory(let window): window.load8(at: offset)
    #if arch(x86_64)
      case .ports(let window): window.load8(at: offset)
    #endif
    }
  }

  /// Reads two bytes.
  @inlinable @inline(__always)
  public func load16(at offset: Int) -> UInt16 {
    switch self {
    case .memory(let window): window.load16(at: offset)
    #if arch(x86_64)
      case .ports(let window): window.load16(at: offset)
    #endif
    }
  }

  /// Reads four bytes.
  @inlinable @inline(__always)
  public func load32(at offset: Int) -> UInt32 {
    switch self {
    case .memory(let window): window.load32(at: offset)
    #if arch(x86_64)
      case .ports(let window): window.load32(at: offset)
    #endif
    }
  }

  /// Writes one byte.
  @inlinable @inline(__always)
  public func store8(_ value: UInt8, at offset: Int) {
    switch self {
    case .memory(let window): window.store8(value, at: offset)
    #if arch(x86_64)
      case .ports(let window): window.store8(value, at: offset)
    #endif
    }
  }

  /// Writes two bytes.
  @inlinable @inline(__always)
  public func store16(_ value: UInt16, at offset: Int) {
    switch self {
    case .memory(let window): window.store16(value, at: offset)
    #if arch(x86_64)
      case .ports(let window): window.store16(value, at: offset)
    #endif
    }
  }

  /// Writes four bytes.
  @inlinable @inline(__always)
  public func store32(_ value: UInt32, at offset: Int) {
    switch self {
    case .memory(let window): window.store32(value, at: offset)
    #if arch(x86_64)
      case .ports(let window): window.store32(value, at: offset)
    #endif
    }
  }

  /// A part of this window.
  public func window(at offset: Int, byteCount: Int) -> MachineRegisters {
    switch self {
    case .memory(let window): .memory(window.window(at: offset, byteCount: byteCount))
    #if arch(x86_64)
      case .ports(let window): .ports(window.window(at: offset, byteCount: byteCount))
    #endif
    }
  }
}
