/// A piece of memory that a device can reach, owned by exactly one place at a time.
///
/// It is shared with the device from birth, so handing it to a queue costs nothing. Submitting consumes it; it comes
/// back with the completion or with the refusal. In between, nobody can touch it: that does not compile. Dropping it
/// gives the memory back to where it came from.
@frozen
public struct DMABuffer: ~Copyable, Sendable {
  @usableFromInline let raw: RawDMABuffer

  /// Makes the one owner of a range.
  ///
  /// - Parameters:
  ///   - unsafeAddress: the driver's address. The range is owned by the new value alone, until it is dropped.
  ///   - deviceAddress: the same memory as the device sees it.
  ///   - byteCount: its size.
  ///   - domain: the number of the `DMADomain` that takes it back.
  @unsafe
  init(unsafeAddress: UInt, deviceAddress: DeviceAddress, byteCount: UInt32, domain: UInt32) {
    raw = RawDMABuffer(
      address: unsafeAddress, deviceAddress: deviceAddress.rawValue, extent: UInt64(byteCount) | UInt64(domain) << 32)
  }

  /// Makes a buffer out of what `unsafeDisown` returned. Once.
  @inlinable @inline(__always)
  @unsafe
  public init(unsafeOwning raw: RawDMABuffer) { self.raw = raw }

  /// Ends the ownership without dropping the memory: whoever holds the words must make a buffer of them again.
  @inlinable @inline(__always)
  @unsafe
  public consuming func unsafeDisown() -> RawDMABuffer {
    let words = raw
    discard self
    return words
  }

  /// An empty buffer: no memory, no bytes. What is left where a buffer was lent to a request that never came back.
  @inlinable
  public init() { raw = RawDMABuffer(address: 0, deviceAddress: 0, extent: 0) }

  /// The size in bytes.
  @inlinable @inline(__always)
  public var count: Int { Int(raw.byteCount) }
  /// The first byte's address as the driver sees it, for code inside the fence.
  @unsafe @inlinable public var unsafeAddress: UInt { raw.address }
  /// The number of the DMA memory that it came from.
  @inlinable @inline(__always)
  public var domain: UInt32 { raw.domain }
  /// The size, less one, if the buffer has at least one byte and comes from this domain; else at least 2^32 - 1, which is
  /// below no 32-bit limit. One comparison then checks size, limit and origin.
  @inlinable @inline(__always)
  public func lastOffset(inDomain domain: DMADomainKey) -> UInt64 { (raw.extent ^ domain.bits) &- 1 }
  /// True for a buffer without memory.
  @inlinable public var isEmpty: Bool { raw.byteCount == 0 }
  /// The first byte's address as the device sees it.
  @inlinable @inline(__always)
  public var deviceAddress: DeviceAddress { DeviceAddress(raw.deviceAddress) }

  /// The contents. A span cannot outlive the borrow, hence not a submission.
  @inlinable
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      let buffer = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: raw.address), count: count)
      return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
    }
  }

  /// The contents, to be changed.
  @inlinable
  public var mutableBytes: MutableRawSpan {
    @_lifetime(&self)
    mutating get {
      let buffer = unsafe UnsafeMutableRawBufferPointer(
        start: UnsafeMutableRawPointer(bitPattern: raw.address), count: count)
      return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: buffer), mutating: &self)
    }
  }

  /// Gives the memory up without giving it back: a device that never finished its reset may still write there. Counted
  /// by the pool as lost, never handed out again.
  public consuming func lose() {
    if raw.byteCount != 0 { DMADomain.lose(id: raw.domain) }
    discard self
  }

  @inlinable deinit { if raw.byteCount != 0 { unsafe raw.reclaim() } }
}

/// A DMA domain's number where a buffer's words carry it: for `DMABuffer.lastOffset`.
@frozen
public struct DMADomainKey: Sendable {
  @usableFromInline let bits: UInt64
  /// The key of a domain.
  public init(domain: UInt32) { bits = UInt64(domain) << 32 }
}

/// The words of a `DMABuffer` while a queue holds it: plain, so that a token table can store them without ceremony.
///
/// Of no use outside the fence: nothing here reads or writes the memory.
@frozen
public struct RawDMABuffer: BitwiseCopyable, Sendable {
  /// The driver's address; for a segment list the address of its table.
  public let address: UInt
  /// The device's address.
  public let deviceAddress: UInt64
  // Two 32-bit values in one word, so that it is stored and loaded at one width (store forwarding).
  @usableFromInline let extent: UInt64

  @inlinable @inline(__always)
  init(address: UInt, deviceAddress: UInt64, extent: UInt64) {
    self.address = address
    self.deviceAddress = deviceAddress
    self.extent = extent
  }

  /// The size in bytes; for a segment list the sum of its segments'.
  @inlinable @inline(__always)
  public var byteCount: UInt32 { UInt32(truncatingIfNeeded: extent) }
  /// The DMA domain the memory belongs to.
  @inlinable @inline(__always)
  public var domain: UInt32 { UInt32(truncatingIfNeeded: extent &>> 32) & 0x7fff_ffff }
  /// These are the words of a `SegmentList`: the top bit says so.
  @inlinable @inline(__always)
  public var isSegmentList: Bool { Int64(bitPattern: extent) < 0 }

  /// The words of nothing.
  public static var none: RawDMABuffer { RawDMABuffer(address: 0, deviceAddress: 0, extent: 0) }

  @usableFromInline @inline(never)
  @unsafe func reclaim() {
    unsafe DMADomain.reclaim(
      id: domain, address: address, deviceAddress: DeviceAddress(deviceAddress), byteCount: Int(byteCount))
  }
}
