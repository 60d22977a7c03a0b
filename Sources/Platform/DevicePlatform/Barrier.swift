public import CVireo

/// Barriers between memory and device registers. Order among memory accesses is the language's own
/// (`atomicMemoryFence`, see `SharedAccess`).
public enum Barrier {
  /// Orders every earlier access to memory before every later access to a register: a device that is notified sees the
  /// ring. To be issued before each doorbell.
  @inlinable @inline(__always)
  public static func doorbell() { vireo_doorbell_barrier() }

  /// Orders every earlier register access before every later access to memory.
  @inlinable @inline(__always)
  public static func registers() { vireo_register_barrier() }
}

/// Tells the processor that it runs a wait loop.
@inlinable @inline(__always)
public func relaxProcessor() { vireo_relax() }
