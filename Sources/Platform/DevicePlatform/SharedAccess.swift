import Synchronization

/// The one seam through which every access to memory shared with a device goes: ring fields, descriptors, status bytes.
///
/// The shipped implementation is `DirectAccess`, which compiles to plain loads, stores and fences. A model checker or
/// a fuzzer supplies its own, and may let the device act at every single access.
///
/// Addresses are the driver's own (virtual) addresses, aligned to the access, inside memory that the queue owns. Names
/// say what is promised: `load…` and `store…` alone are single, untorn accesses without order.
public protocol SharedAccess: Sendable {
  /// Reads a byte.
  @unsafe func load8(_ address: UInt) -> UInt8
  /// Reads two bytes at once.
  @unsafe func load16(_ address: UInt) -> UInt16
  /// Reads two bytes; no later access is performed before it.
  @unsafe func loadAcquiring16(_ address: UInt) -> UInt16
  /// Reads four bytes at once.
  @unsafe func load32(_ address: UInt) -> UInt32
  /// Writes a byte.
  @unsafe func store8(_ value: UInt8, _ address: UInt)
  /// Writes two bytes at once.
  @unsafe func store16(_ value: UInt16, _ address: UInt)
  /// Writes two bytes; no earlier access is performed after it.
  @unsafe func storeReleasing16(_ value: UInt16, _ address: UInt)
  /// Writes four bytes at once.
  @unsafe func store32(_ value: UInt32, _ address: UInt)
  /// Writes eight bytes; the device does not look before a later releasing store.
  @unsafe func store64(_ value: UInt64, _ address: UInt)
  /// Orders every earlier access before every later one, a store before a later load included.
  func fence()
}

/// Plain loads, stores and fences: for memory that driver and device share coherently.
@frozen
@safe
public struct DirectAccess: SharedAccess {
  /// There is nothing to configure.
  @inlinable public init() {}

  @inlinable @inline(__always)
  @unsafe func at<Value: ~Copyable>(_ address: UInt, _: Value.Type) -> UnsafeMutablePointer<Value> {
    unsafe UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  /// Reads a byte.
  @inlinable @inline(__always)
  @unsafe public func load8(_ address: UInt) -> UInt8 {
    unsafe at(address, Atomic<UInt8>.self).pointee.load(ordering: .relaxed)
  }
  /// Reads two bytes at once.
  @inlinable @inline(__always)
  @unsafe public func load16(_ address: UInt) -> UInt16 {
    unsafe at(address, Atomic<UInt16>.self).pointee.load(ordering: .relaxed)
  }
  /// Reads two bytes; no later access is performed before it.
  @inlinable @inline(__always)
  @unsafe public func loadAcquiring16(_ address: UInt) -> UInt16 {
    unsafe at(address, Atomic<UInt16>.self).pointee.load(ordering: .acquiring)
  }
  /// Reads four bytes at once.
  @inlinable @inline(__always)
  @unsafe public func load32(_ address: UInt) -> UInt32 {
    unsafe at(address, Atomic<UInt32>.self).pointee.load(ordering: .relaxed)
  }
  /// Reads eight bytes at once. Rings have no such fields; headers in front of data do.
  @inlinable @inline(__always)
  @unsafe public func load64(_ address: UInt) -> UInt64 {
    unsafe at(address, Atomic<UInt64>.self).pointee.load(ordering: .relaxed)
  }
  /// Writes a byte.
  @inlinable @inline(__always)
  @unsafe public func store8(_ value: UInt8, _ address: UInt) {
    unsafe at(address, Atomic<UInt8>.self).pointee.store(value, ordering: .relaxed)
  }
  /// Writes two bytes at once.
  @inlinable @inline(__always)
  @unsafe public func store16(_ value: UInt16, _ address: UInt) { unsafe at(address, UInt16.self).pointee = value }
  /// Writes two bytes; no earlier access is performed after it.
  @inlinable @inline(__always)
  @unsafe public func storeReleasing16(_ value: UInt16, _ address: UInt) {
    unsafe at(address, Atomic<UInt16>.self).pointee.store(value, ordering: .releasing)
  }
  /// Writes four bytes at once.
  @inlinable @inline(__always)
  @unsafe public func store32(_ value: UInt32, _ address: UInt) { unsafe at(address, UInt32.self).pointee = value }
  /// Writes eight bytes; the device does not look before a later releasing store.
  @inlinable @inline(__always)
  @unsafe public func store64(_ value: UInt64, _ address: UInt) { unsafe at(address, UInt64.self).pointee = value }
  /// Orders every earlier access before every later one, a store before a later load included.
  @inlinable @inline(__always)
  public func fence() { atomicMemoryFence(ordering: .sequentiallyConsistent) }
}
