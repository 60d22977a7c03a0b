import DevicePlatform
public import VirtIO

extension PCITransport {
  /// With MSI-X on, names the configuration's vector, which a reset has cleared. Legacy devices on PCI count in pages of
  /// 4096 bytes without being told.
  public func prepareQueues() { assignConfigurationVector() }

  /// Three free addresses and a size to choose below the device's, or one page number and the device's size.
  ///
  /// SPEC: devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration
  /// structure layout
  public var ringRequirements: RingRequirements {
    var requirements: RingRequirements = isLegacy ? .legacy : .modern
    requirements.sizeRule = isLegacy ? .fixed : .powerOfTwoLimit
    return requirements
  }

  /// The largest size of a queue that has not been configured since the reset; 0 when there is no such queue. Of a
  /// legacy device it is the only size.
  public func maximumSize(ofQueue index: UInt16) -> UInt32 {
    if isLegacy {
      common.store16(index, at: PCILegacyRegister.queueSelect)
      return UInt32(common.load16(at: PCILegacyRegister.queueSize))
    }
    common.store16(index, at: PCICommonRegister.queueSelect)
    return UInt32(common.load16(at: PCICommonRegister.queueSize))
  }

  /// Tells the device where a queue is, and enables it.
  ///
  /// The queue's interrupt vector is written only with MSI-X on: without it there is no such field.
  ///
  /// - Parameters:
  ///   - index: a queue that exists.
  ///   - size: at most the queue's maximum size; of a legacy device, just that.
  ///   - areas: within `ringRequirements`; for a legacy device one contiguous piece.
  /// - Throws: `.queueInUse` before anything is written, `.queueAddressUnreachable` before any register is touched,
  ///   `.queueNotEnabled` when the device does not show what was written, `.vectorRefused` when it has no room for a vector.
  public func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    if isLegacy {
      try configureLegacy(queue: index, size: size, areas: areas)
    } else {
      try configureModern(queue: index, size: size, areas: areas)
    }
  }

  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration
  /// structure layout
  private func configureModern(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    common.store16(index, at: PCICommonRegister.queueSelect)
    guard common.load16(at: PCICommonRegister.queueEnable) == 0 else { throw .queueInUse(index: index) }
    common.store16(size, at: PCICommonRegister.queueSize)
    // A device that kept its own size would look for available entries where the ring is not.
    guard common.load16(at: PCICommonRegister.queueSize) == size else { throw .queueNotEnabled(index: index) }
    store(areas.descriptors, at: PCICommonRegister.queueDescriptors)
    store(areas.driver, at: PCICommonRegister.queueDriver)
    store(areas.device, at: PCICommonRegister.queueDevice)
    try assignVector(ofQueue: index)
    common.store16(1, at: PCICommonRegister.queueEnable)
    guard common.load16(at: PCICommonRegister.queueEnable) == 1 else { throw .queueNotEnabled(index: index) }
  }

  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout
  private func store(_ address: DeviceAddress, at register: Int) {
    common.store32(UInt32(truncatingIfNeeded: address.rawValue), at: register)
    common.store32(UInt32(truncatingIfNeeded: address.rawValue >> 32), at: register + 4)
  }

  /// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device Operation / Device
  /// Initialization / Virtqueue Configuration / Legacy Interface: A Note on Virtqueue Configuration
  private func configureLegacy(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    let page = PCILegacyRegister.pageByteCount
    let number = try areas.legacyPageNumber(ofQueue: index, size: size, pageByteCount: page)
    common.store16(index, at: PCILegacyRegister.queueSelect)
    guard common.load32(at: PCILegacyRegister.queuePageNumber) == 0 else { throw .queueInUse(index: index) }
    // The size cannot be chosen: a device with another one would look for the rings where they are not.
    guard common.load16(at: PCILegacyRegister.queueSize) == size else { throw .queueNotEnabled(index: index) }
    common.store32(number, at: PCILegacyRegister.queuePageNumber)
    guard common.load32(at: PCILegacyRegister.queuePageNumber) == number else { throw .queueNotEnabled(index: index) }
  }

  /// The bell of a queue: a window on its notification register alone, which takes the queue's index.
  ///
  /// - Throws: `.windowOutOfRange` if the register would lie outside the notification structure.
  ///
  /// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device Operation / Available
  /// Buffer Notifications
  public func makeDoorbell(queue index: UInt16) throws(TransportError) -> RegisterDoorbell<Registers> {
    let notification = windows.notification
    // One doorbell for all queues.
    if isLegacy { return RegisterDoorbell(window: notification, value: UInt32(index), isWide: false) }
    common.store16(index, at: PCICommonRegister.queueSelect)
    let number = common.load16(at: PCICommonRegister.queueNotifyOffset)
    // Below 2^48: cannot overflow.
    let offset = UInt64(number) * UInt64(windows.notifyMultiplier)
    let limit = UInt64(notification.byteCount)
    guard offset + 2 <= limit else {
      throw .windowOutOfRange("notification register", offset: offset, byteCount: 2, limit: limit)
    }
    return RegisterDoorbell(
      window: notification.window(at: Int(offset), byteCount: 2), value: UInt32(index), isWide: false)
  }
}
