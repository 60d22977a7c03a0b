public import DevicePlatform

/// Contiguous page ranges of RAM for devices, where the CPU's addresses are the devices' (identity map, no IOMMU).
///
/// First fit, lowest address first; a released range is joined with its neighbours. Everything is in whole pages of
/// 4 KiB: a `DMAPool` on top spends at least one page on every buffer.
public final class PageAllocator: DMAProvider {
  private let ranges: SpinLock<FreeRanges>

  /// Takes over RAM.
  ///
  /// - Parameters:
  ///   - ram: what there is, in any order. It must be mapped to itself, cached, and used by nobody else.
  ///   - excluded: what is in use already: the image with stack and heap, the device tree, firmware tables.
  @unsafe
  public init(unsafeRAM ram: [MemoryRange], excluding excluded: [MemoryRange]) {
    ranges = SpinLock(FreeRanges(ranges: ram, excluding: excluded))
  }

  /// The bytes that are free at this moment.
  public var freeBytes: UInt { ranges.withLock { $0.freeBytes } }
  /// The bytes that this allocator is responsible for, free or not.
  public var managedBytes: UInt { ranges.withLock { $0.managedBytes } }
  /// In how many pieces the free bytes are.
  public var freeRangeCount: Int { ranges.withLock { $0.free.count } }

  /// Plain loads and stores: RAM is coherent.
  public var access: DirectAccess { DirectAccess() }

  /// Reserves whole pages; nil when no free range is large enough, or when a parameter makes no sense.
  public func reserve(byteCount: Int, alignment: Int) -> UInt? {
    guard byteCount > 0, alignment > 0, alignment & (alignment - 1) == 0 else { return nil }
    return ranges.withLock { $0.reserve(byteCount: UInt(byteCount), alignment: UInt(alignment)) }
  }

  /// Gives back what `reserve` returned, with the same size.
  @unsafe public func release(address: UInt, byteCount: Int) {
    let done = byteCount > 0 && ranges.withLock { $0.release(address: address, byteCount: UInt(byteCount)) }
    precondition(done, "released pages are reserved pages of this allocator")
  }

  /// The address itself.
  public func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    DeviceAddress(UInt64(address))
  }

  /// Nothing was done, nothing is undone.
  @unsafe public func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}
}
