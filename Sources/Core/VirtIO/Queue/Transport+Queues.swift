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
    guard offered <= UInt32(SplitLayout.maximumSize), offered & (offered - 1) == 0 else {
      throw .queueSizeInvalid(index: index, size: offered)
    }
    let requirements = ringRequirements
    var size = Int(offered)
    if !requirements.isSizeFixed { while size > max(1, options.maximumSize) { size /= 2 } }
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

  /// Sets a queue up with memory from the transport's own DMA memory and the heap.
  public mutating func makeQueue(
    _ index: UInt16, _ options: QueueOptions, features: FeatureSet
  ) throws(BringupError) -> Virtqueue<Self> {
    let layout = try layout(ofQueue: index, options, features: features)
    return try makeQueue(
      index, options, features: features, memory: try allocate(layout))
  }

  /// Sets a queue up with the caller's memory, laid out as `layout(ofQueue:)` says.
  public mutating func makeQueue(
    _ index: UInt16, _ options: QueueOptions, features: FeatureSet, memory queueMemory: consuming QueueMemory
  ) throws(BringupError) -> Virtqueue<Self> {
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
      index: index, memory: queueMemory, access: shared, bell: bell,
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
