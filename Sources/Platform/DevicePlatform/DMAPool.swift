import Synchronization

/// DMA memory on top of a platform's page ranges, with ownership and accounting.
public final class DMAPool<Provider: DMAProvider>: DMAMemory {
  /// Where the memory comes from.
  public let provider: Provider
  private let domain: DMADomain
  private let allocatedBytes = Atomic<Int>(0)
  private let allocatedBuffers = Atomic<Int>(0)

  /// A pool over everything that `provider` has.
  public init(provider: Provider) {
    self.provider = provider
    domain = DMADomain.open()
  }

  deinit { domain.close() }

  /// The provider's accessor.
  public var access: Provider.Access { provider.access }

  /// Bytes that buffers own at this moment, wherever they are: with the application, in a queue, or lost.
  public var bytesInUse: Int { allocatedBytes.load(ordering: .relaxed) }
  /// Buffers that exist at this moment.
  public var buffersInUse: Int { allocatedBuffers.load(ordering: .relaxed) }
  /// Buffers among them that a device may still write although no queue knows them: their device never finished its
  /// reset. They stay allocated for good.
  public var buffersLost: Int { domain.lostCount }

  /// Allocates a zeroed buffer, shared with the device from now on until it is dropped.
  public func allocate(
    byteCount: Int, alignment: Int, direction: DMADirection
  ) throws(DMAError) -> DMABuffer {
    guard byteCount > 0, byteCount <= Int(UInt32.max), alignment > 0, alignment & (alignment - 1) == 0 else {
      throw .invalidSize(byteCount: byteCount, alignment: alignment)
    }
    guard let address = provider.reserve(byteCount: byteCount, alignment: alignment) else {
      throw .outOfMemory(byteCount: byteCount, alignment: alignment)
    }
    // Zeroed before the device sees it: nothing that was here before leaks.
    unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
      .initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    guard let device = provider.share(address: address, byteCount: byteCount, direction: direction) else {
      // Reserved above, and nobody else knows of it.
      unsafe provider.release(address: address, byteCount: byteCount)
      throw .notShareable(byteCount: byteCount)
    }
    allocatedBytes.wrappingAdd(byteCount, ordering: .relaxed)
    allocatedBuffers.wrappingAdd(1, ordering: .relaxed)
    domain.retainOwner(self)
    return unsafe DMABuffer(
      unsafeAddress: address, deviceAddress: device, byteCount: UInt32(byteCount), domain: domain.id)
  }

  /// Takes back a dropped buffer.
  @unsafe public func reclaim(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {
    // The caller's promise: the last owner is gone.
    unsafe provider.unshare(address: address, deviceAddress: deviceAddress, byteCount: byteCount)
    unsafe provider.release(address: address, byteCount: byteCount)
    allocatedBytes.wrappingSubtract(byteCount, ordering: .relaxed)
    allocatedBuffers.wrappingSubtract(1, ordering: .relaxed)
  }
}
