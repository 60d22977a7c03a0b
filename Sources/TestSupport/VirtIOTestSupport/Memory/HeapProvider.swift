public import DevicePlatform

/// DMA memory from a `DeviceHeap`, accessed directly.
public struct HeapProvider: DMAProvider {
  /// Where the memory is; shared with the scripted devices.
  public let heap: DeviceHeap
  /// Plain accesses.
  public var access: DirectAccess { DirectAccess() }

  /// Memory that the devices of `heap` reach.
  public init(heap: DeviceHeap) { self.heap = heap }

  /// Reserves heap memory, filled with 0xa5.
  public func reserve(byteCount: Int, alignment: Int) -> UInt? {
    heap.reserve(byteCount: byteCount, alignment: alignment)
  }
  /// Frees it.
  @unsafe public func release(address: UInt, byteCount: Int) { heap.release(address: address, byteCount: byteCount) }
  /// Makes a range known to the devices.
  public func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    heap.share(address: address, byteCount: byteCount, direction: direction)
  }
  /// Makes it unknown again.
  @unsafe public func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    heap.unshare(address: address, deviceAddress: deviceAddress, byteCount: byteCount)
  }
}

/// Memory for drivers under test.
public typealias TestMemory = DMAPool<HeapProvider>

extension DMAPool where Provider == HeapProvider {
  /// Memory that the devices of `heap` reach.
  public convenience init(heap: DeviceHeap) { self.init(provider: HeapProvider(heap: heap)) }
}
