public import DevicePlatform

/// All the memory of one virtqueue: the ring and the slots' blocks, which the device sees, and the token table, which
/// it does not.
@safe
public struct QueueMemory: ~Copyable, Sendable {
  /// Where the ring's areas lie.
  public let ringLayout: SplitLayout
  /// What a slot looks like.
  public let slotLayout: SlotLayout
  let ring: DMABuffer
  let blocks: DMABuffer
  let tables: TableMemory

  /// Puts together memory that the caller supplies: for a kernel without a heap.
  ///
  /// - Parameters:
  ///   - ring: at least `ringLayout.byteCount` bytes, aligned to 4096 for a legacy device, else to 16.
  ///   - blocks: at least `slotLayout.blockByteCount` bytes for each slot, aligned to 64; may be empty when that is 0.
  ///   - tables: at least `TableMemory.byteCount(ringSize:)` bytes.
  public init(
    ringLayout: SplitLayout, slotLayout: SlotLayout, ring: consuming DMABuffer, blocks: consuming DMABuffer,
    tables: consuming TableMemory
  ) {
    let slots = slotLayout.slotCount(ringSize: ringLayout.size)
    precondition(slots > 0, "the queue is too small for one request")
    precondition(ring.count >= ringLayout.byteCount && ring.deviceAddress.rawValue & 15 == 0, "ring memory")
    precondition(blocks.isEmpty || blocks.domain == ring.domain, "ring and blocks come from one DMA memory")
    precondition(blocks.count >= slots * slotLayout.blockByteCount, "block memory")
    precondition(tables.byteCount >= TableMemory.byteCount(ringSize: ringLayout.size), "table memory")
    self.ringLayout = ringLayout
    self.slotLayout = slotLayout
    self.ring = ring
    self.blocks = blocks
    self.tables = tables
  }

  /// Allocates what a queue needs from `memory` and the heap.
  ///
  /// - Parameter ringAlignment: 4096 for a legacy device, else 64.
  public init<Memory: DMAMemory>(
    ringLayout: SplitLayout, slotLayout: SlotLayout, ringAlignment: Int, from memory: Memory
  ) throws(DMAError) {
    let slots = slotLayout.slotCount(ringSize: ringLayout.size)
    let ring = try memory.allocate(
      byteCount: ringLayout.byteCount, alignment: ringAlignment, direction: .bidirectional)
    let blockBytes = slots * slotLayout.blockByteCount
    let blocks =
      blockBytes == 0
      ? DMABuffer() : try memory.allocate(byteCount: blockBytes, alignment: 64, direction: .bidirectional)
    self.init(
      ringLayout: ringLayout, slotLayout: slotLayout, ring: ring, blocks: blocks,
      tables: TableMemory(ringSize: ringLayout.size))
  }

  /// Number of requests that can be in flight.
  public var slots: Int { slotLayout.slotCount(ringSize: ringLayout.size) }
  /// The descriptor area as the device sees it.
  public var descriptorArea: DeviceAddress { ring.deviceAddress }
  /// The driver area (available ring) as the device sees it.
  public var driverArea: DeviceAddress { ring.deviceAddress.advanced(by: ringLayout.driverAreaOffset) }
  /// The device area (used ring) as the device sees it.
  public var deviceArea: DeviceAddress { ring.deviceAddress.advanced(by: ringLayout.deviceAreaOffset) }
  /// Bytes of shared memory.
  public var sharedByteCount: Int { ring.count + blocks.count }
  /// Bytes of private memory.
  public var privateByteCount: Int { tables.byteCount }
  /// The domain that every payload must come from.
  public var domain: UInt32 { ring.domain }

  /// The view of the token table, all slots free.
  @usableFromInline package func makeTokenTable() -> TokenTable {
    TokenTable(tables, ring: ringLayout, slot: slotLayout)
  }

  /// Gives the shared memory up: the device may still write it.
  public consuming func lose() {
    ring.lose()
    blocks.lose()
  }
}
