internal import DevicePlatform
public import VirtqueueStorage

/// What a queue's memory has to be: for callers that supply it themselves.
public struct QueueLayout: Equatable, Sendable {
  /// The ring's areas.
  public let ring: SplitLayout
  /// The slots' blocks.
  public let slot: SlotLayout
  /// Alignment of the ring, in bytes.
  public let ringAlignment: Int
}

extension Transport where Self: ~Copyable {
  /// Computes what a queue will look like on this device: its size is read and checked.
  public func layout(
    ofQueue index: UInt16, _ options: QueueOptions, features: FeatureSet
  ) throws(BringupError) -> QueueLayout {
    let offered = maximumSize(ofQueue: index)
    guard offered != 0 else { throw .queueMissing(index: index) }
    let requirements = ringRequirements
    let size = try size(ofQueue: index, offered, requirements.sizeRule, options)
    // A chain, in a table or not, is no longer than the queue: a small queue carries fewer segments.
    // SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Descriptor Table / Indirect Descriptors
    let around = (options.headerByteCount > 0 ? 1 : 0) + (options.statusByteCount > 0 ? 1 : 0)
    let slot = SlotLayout(
      headerByteCount: options.headerByteCount, statusByteCount: options.statusByteCount,
      maximumSegments: max(1, min(options.maximumSegments, size - around)),
      isIndirect: features.contains(.indirectDescriptors))
    guard slot.chainLength <= size else {
      throw .queueTooSmall(index: index, size: UInt32(size), needed: slot.chainLength)
    }
    return QueueLayout(
      ring: SplitLayout(size: size, deviceAreaAlignment: requirements.deviceAreaAlignment), slot: slot,
      ringAlignment: requirements.alignment)
  }

  /// The size that a queue gets: a power of two, whatever the device's limit is.
  ///
  /// SPEC: Basic Facilities of a Virtio Device / Split Virtqueues
  private func size(
    ofQueue index: UInt16, _ offered: UInt32, _ rule: QueueSizeRule, _ options: QueueOptions
  ) throws(BringupError) -> Int {
    let isWhole = offered <= UInt32(SplitLayout.maximumSize) && offered & (offered - 1) == 0
    guard isWhole || rule == .limit else { throw .queueSizeInvalid(index: index, size: offered) }
    if rule == .fixed {
      // The driver has to take what is there, and does so up to a limit: a table of any size is not to be had.
      let limit = max(options.maximumSize, QueueOptions.largestFixedSize)
      guard Int(offered) <= limit else { throw .queueTooLarge(index: index, size: offered, limit: limit) }
      return Int(offered)
    }
    let limit = min(Int(offered), SplitLayout.maximumSize, max(1, options.maximumSize))
    var size = 1
    while size * 2 <= limit { size *= 2 }
    return size
  }

  /// Sets a queue up with memory from the transport's own DMA memory and the heap.
  public mutating func makeQueue(
    _ index: UInt16, _ options: QueueOptions, features: FeatureSet
  ) throws(BringupError) -> Virtqueue<Self> {
    let layout = try layout(ofQueue: index, options, features: features)
    return try makeQueue(index, options, features, layout, try allocate(layout))
  }

  /// Sets a queue up with the caller's memory, laid out as `layout(ofQueue:)` says.
  ///
  /// - Throws: `.queueMemoryUnsuitable`, before the device is told anything, for memory of another layout or alignment.
  public mutating func makeQueue(
    _ index: UInt16, _ options: QueueOptions, features: FeatureSet, memory queueMemory: consuming QueueMemory
  ) throws(BringupError) -> Virtqueue<Self> {
    let layout = try layout(ofQueue: index, options, features: features)
    return try makeQueue(index, options, features, layout, queueMemory)
  }

  private mutating func makeQueue(
    _ index: UInt16, _ options: QueueOptions, _ features: FeatureSet, _ layout: QueueLayout,
    _ queueMemory: consuming QueueMemory
  ) throws(BringupError) -> Virtqueue<Self> {
    if let mismatch = QueueMemoryMismatch(queueMemory, layout) {
      throw .queueMemoryUnsuitable(index: index, mismatch)
    }
    let size = UInt16(queueMemory.ringLayout.size)
    let areas = QueueAreas(
      descriptors: queueMemory.descriptorArea, driver: queueMemory.driverArea, device: queueMemory.deviceArea)
    // The ring is in its first state before the device learns of it.
    let shared = memory.access
    let bell: Bell
    var queue: Virtqueue<Self>
    do throws(TransportError) {
      bell = try makeDoorbell(queue: index)
    } catch {
      throw .transport(error)
    }
    queue = Virtqueue(
      index: index, device: identity, memory: queueMemory, access: shared, bell: bell,
      maximumSegmentByteCount: min(options.maximumSegmentByteCount, Self.longestSegment(options)),
      usesEventIndex: features.contains(.eventIndex))
    // A device that starts at once must not see what was in this memory before.
    Barrier.doorbell()
    queue.isShown = true
    do throws(TransportError) {
      try configure(queue: index, size: size, areas: areas)
    } catch {
      switch error {
      // Refused before the device was told anything.
      case .queueInUse, .queueAddressUnreachable: queue.isShown = false
      default: break
      }
      throw .transport(error)
    }
    return queue
  }

  private func allocate(_ layout: QueueLayout) throws(BringupError) -> QueueMemory {
    do throws(DMAError) {
      return try QueueMemory(
        ringLayout: layout.ring, slotLayout: layout.slot, ringAlignment: layout.ringAlignment, from: memory)
    } catch {
      throw .memory(error)
    }
  }

  /// A chain, header and status included, stays below 4 GiB whatever its segments are.
  private static func longestSegment(_ options: QueueOptions) -> UInt32 {
    UInt32.max - UInt32(options.headerByteCount + options.statusByteCount)
  }
}
