/// Which way data moves through a buffer, seen from the device.
public enum DMADirection: Sendable {
  /// The device only reads.
  case deviceReadable
  /// The device only writes.
  case deviceWritable
  /// The device reads and writes (rings, tables, buffers that serve both ways).
  case bidirectional
}

/// Memory that the CPU and a device both reach: where drivers get their rings and applications their buffers.
///
/// One instance stands for one set of devices that see memory at the same addresses. `DMAPool` is the implementation
/// for anything that can hand out page ranges (`DMAProvider`).
public protocol DMAMemory: DMAOwner, Sendable {
  /// How the CPU side of shared memory is accessed; `DirectAccess` unless a model or a fuzzer sits in between.
  associatedtype Access: SharedAccess
  /// The accessor that rings in this memory use.
  var access: Access { get }

  /// Allocates a buffer that is zeroed and already shared with the device.
  ///
  /// - Parameters:
  ///   - byteCount: 1 ... 4 GiB - 1.
  ///   - alignment: a power of two, in bytes, for both the CPU's and the device's address.
  ///   - direction: what the device may do with it.
  func allocate(byteCount: Int, alignment: Int, direction: DMADirection) throws(DMAError) -> DMABuffer
}

extension DMAMemory {
  /// Allocates a cache-line aligned buffer that may serve in both directions.
  public func allocate(byteCount: Int) throws(DMAError) -> DMABuffer {
    try allocate(byteCount: byteCount, alignment: 64, direction: .bidirectional)
  }
}

/// The part of `DMAMemory` that a buffer needs to find its way home when it is dropped.
public protocol DMAOwner: AnyObject {
  /// Takes back a buffer's memory. Called once per allocation, by the buffer, when its last owner let go of it: anybody
  /// else would take memory away that is in use.
  @unsafe func reclaim(address: UInt, deviceAddress: DeviceAddress, byteCount: Int)
}

/// What a platform implements: page ranges, and making them visible to the device.
///
/// `share` and `unshare` are where an IOMMU maps, a bounce buffer copies and a confidential guest opens a page; on a
/// plain machine `share` is arithmetic.
///
/// Everything above relies on these promises, which no compiler checks: a reserved range is readable, writable, not
/// handed out twice, and stays valid until it is released; the device address leads to the same memory.
public protocol DMAProvider: Sendable {
  /// How the CPU accesses what it shares with the device.
  associatedtype Access: SharedAccess
  /// The accessor for rings in this memory.
  var access: Access { get }

  /// Reserves `byteCount` bytes at a multiple of `alignment`, contiguous for the device; nil when there are none.
  func reserve(byteCount: Int, alignment: Int) -> UInt?
  /// Gives back what `reserve` returned, whole. Nothing may use the range any more.
  @unsafe func release(address: UInt, byteCount: Int)
  /// Makes a range visible to the device and says where; nil when that is impossible.
  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress?
  /// Ends what `share` began. The device must not use the range any more.
  @unsafe func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int)
}
