public import DevicePlatform

/// DMA memory from a `DeviceHeap`, every shared access observed.
public struct ObservedProvider: DMAProvider {
  private let provider: HeapProvider
  /// The accessor that tells the observer.
  public let access: ObservedAccess

  /// Memory that the devices of `heap` reach.
  public init(heap: DeviceHeap, observer: AccessObserver) {
    provider = HeapProvider(heap: heap)
    access = ObservedAccess(observer: observer)
  }

  /// Where the memory is.
  public var heap: DeviceHeap { provider.heap }

  /// Reserves heap memory, filled with 0xa5.
  public func reserve(byteCount: Int, alignment: Int) -> UInt? {
    provider.reserve(byteCount: byteCount, alignment: alignment)
  }
  /// Frees it.
  @unsafe public func release(address: UInt, byteCount: Int) {
    unsafe provider.release(address: address, byteCount: byteCount)
  }
  /// Makes a range known to the devices.
  public func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    provider.share(address: address, byteCount: byteCount, direction: direction)
  }
  /// Makes it unknown again.
  @unsafe public func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    unsafe provider.unshare(address: address, deviceAddress: deviceAddress, byteCount: byteCount)
  }
}

/// Memory for drivers whose every shared access a test sees.
public typealias ObservedMemory = DMAPool<ObservedProvider>

extension DMAPool where Provider == ObservedProvider {
  /// Memory that the devices of `heap` reach.
  public convenience init(heap: DeviceHeap, observer: AccessObserver) {
    self.init(provider: ObservedProvider(heap: heap, observer: observer))
  }
}
