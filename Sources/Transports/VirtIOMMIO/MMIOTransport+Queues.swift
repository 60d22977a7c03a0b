import DevicePlatform
public import VirtIO

extension MMIOTransport {
  /// The unit in which a legacy device counts pages, and to which its used rings are aligned, in bytes.
  private var legacyPageByteCount: UInt32 { 4096 }

  /// Tells a legacy device the page size. A modern one has no such register.
  ///
  /// SPEC: Virtio Transport Options / Virtio Over MMIO / Legacy interface
  public func prepareQueues() {
    if isLegacy { registers.store32(legacyPageByteCount, at: MMIORegister.legacyPageSize) }
  }

  /// Three free addresses, or one page number.
  public var ringRequirements: RingRequirements { isLegacy ? .legacy : .modern }

  /// The largest size of a queue; 0 when there is no such queue. Of a legacy device only to be asked while the queue is
  /// not in use.
  public func maximumSize(ofQueue index: UInt16) -> UInt32 {
    registers.store32(UInt32(index), at: MMIORegister.queueSelect)
    return registers.load32(at: MMIORegister.queueSizeMaximum)
  }

  /// Tells the device where a queue is, and enables it.
  ///
  /// - Parameters:
  ///   - index: a queue that exists.
  ///   - size: at most the queue's maximum size.
  ///   - areas: within `ringRequirements`; for a legacy device one contiguous piece.
  /// - Throws: `.queueInUse` before anything is written, `.queueAddressUnreachable` before any register is touched,
  ///   `.queueNotEnabled` when the device does not show what was written.
  public func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    if isLegacy {
      try configureLegacy(queue: index, size: size, areas: areas)
    } else {
      try configureModern(queue: index, size: size, areas: areas)
    }
  }

  /// SPEC: Virtio Transport Options / Virtio Over MMIO / MMIO-specific Initialization And Device Operation / Virtqueue
  /// Configuration
  private func configureModern(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    registers.store32(UInt32(index), at: MMIORegister.queueSelect)
    guard registers.load32(at: MMIORegister.queueReady) == 0 else { throw .queueInUse(index: index) }
    registers.store32(UInt32(size), at: MMIORegister.queueSize)
    store(areas.descriptors, at: MMIORegister.queueDescriptors)
    store(areas.driver, at: MMIORegister.queueDriver)
    store(areas.device, at: MMIORegister.queueDevice)
    registers.store32(1, at: MMIORegister.queueReady)
    // A device that cannot use the queue (a size or an address it does not like) leaves this 0.
    guard registers.load32(at: MMIORegister.queueReady) == 1 else { throw .queueNotEnabled(index: index) }
  }

  private func store(_ address: DeviceAddress, at register: Int) {
    registers.store32(UInt32(truncatingIfNeeded: address.rawValue), at: register)
    registers.store32(UInt32(truncatingIfNeeded: address.rawValue >> 32), at: register + 4)
  }

  /// SPEC: Virtio Transport Options / Virtio Over MMIO / Legacy interface
  private func configureLegacy(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    let number = try areas.legacyPageNumber(ofQueue: index, size: size, pageByteCount: UInt64(legacyPageByteCount))
    registers.store32(UInt32(index), at: MMIORegister.queueSelect)
    guard registers.load32(at: MMIORegister.legacyQueuePageNumber) == 0 else { throw .queueInUse(index: index) }
    registers.store32(UInt32(size), at: MMIORegister.queueSize)
    registers.store32(legacyPageByteCount, at: MMIORegister.legacyQueueAlign)
    registers.store32(number, at: MMIORegister.legacyQueuePageNumber)
    guard registers.load32(at: MMIORegister.legacyQueuePageNumber) == number else {
      throw .queueNotEnabled(index: index)
    }
  }

  /// The bell of a queue: a window on the notification register alone, which takes the queue's index.
  ///
  /// SPEC: Virtio Transport Options / Virtio Over MMIO / MMIO-specific Initialization And Device Operation / Available
  /// Buffer Notifications
  public func makeDoorbell(queue index: UInt16) throws(TransportError) -> RegisterDoorbell<Registers> {
    RegisterDoorbell(
      window: registers.window(at: MMIORegister.queueNotify, byteCount: 4), value: UInt32(index), isWide: true)
  }
}
