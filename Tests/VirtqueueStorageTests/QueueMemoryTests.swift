import DevicePlatform
import Testing
import VirtIOTestSupport
import VirtqueueStorage

/// A queue's memory: whose it is, how much, and where the device finds it.
struct QueueMemoryTests {
  private let heap = DeviceHeap()

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues 1
  @Test(arguments: [64, 4096])
  func allocate_fromAPool_isAlignedAndComesHome(alignment: Int) throws {
    let pool = TestMemory(heap: heap)
    let ring = SplitLayout(size: 16, deviceAreaAlignment: alignment)
    let slot = SlotLayout(headerByteCount: 16, statusByteCount: 1, maximumSegments: 2, isIndirect: false)
    do {
      let memory = try QueueMemory(ringLayout: ring, slotLayout: slot, ringAlignment: alignment, from: pool)
      #expect(memory.slots == 4)
      #expect(memory.descriptorArea.rawValue % UInt64(alignment) == 0)
      #expect(memory.driverArea.rawValue == memory.descriptorArea.rawValue + 256)
      #expect(memory.deviceArea.rawValue == memory.descriptorArea.rawValue + UInt64(ring.deviceAreaOffset))
      #expect(memory.sharedByteCount == ring.byteCount + 4 * 32)
      #expect(memory.sharedByteCount == pool.bytesInUse)
      #expect(memory.privateByteCount == TableMemory.byteCount(ringSize: 16))
    }
    #expect(heap.reservationCount == 0)
    #expect(heap.violations == [])
  }

  @Test(arguments: [0, 1])
  func allocate_memoryRunsOut_givesEverythingBack(successes: Int) {
    let pool = TestMemory(heap: heap)
    let ring = SplitLayout(size: 16, deviceAreaAlignment: 64)
    let slot = SlotLayout(headerByteCount: 16, statusByteCount: 1, maximumSegments: 1, isIndirect: true)
    heap.capacity = successes == 0 ? 10 : ring.byteCount
    var error: DMAError?
    do throws(DMAError) {
      _ = try QueueMemory(ringLayout: ring, slotLayout: slot, ringAlignment: 64, from: pool)
    } catch let failure { error = failure }
    let needed = successes == 0 ? ring.byteCount : 16 * slot.blockByteCount
    #expect(error == .outOfMemory(byteCount: needed, alignment: 64))
    #expect(heap.reservationCount == 0)
  }

  @Test func lose_memory_losesRingAndBlocks() throws {
    let pool = TestMemory(heap: heap)
    let slot = SlotLayout(headerByteCount: 16, statusByteCount: 1, maximumSegments: 1, isIndirect: false)
    let memory = try QueueMemory(
      ringLayout: SplitLayout(size: 8, deviceAreaAlignment: 64), slotLayout: slot, ringAlignment: 64, from: pool)
    memory.lose()
    #expect(pool.buffersLost == 2)
    #expect(heap.reservationCount == 2)
  }

  @Test func callersMemory_tooSmall_ends() async {
    await #expect(processExitsWith: .failure) { try supply(ringLess: 1) }
    await #expect(processExitsWith: .failure) { try supply(blocksLess: 1) }
    await #expect(processExitsWith: .failure) { try supply(tablesLess: 1) }
    await #expect(processExitsWith: .failure) { try supply(size: 2) }
    await #expect(processExitsWith: .success) { try supply() }
  }
}

/// Puts queue memory together, so many bytes short.
private func supply(ringLess: Int = 0, blocksLess: Int = 0, tablesLess: Int = 0, size: Int = 8) throws {
  let pool = TestMemory(heap: DeviceHeap())
  let ring = SplitLayout(size: size, deviceAreaAlignment: 64)
  let slot = SlotLayout(headerByteCount: 16, statusByteCount: 1, maximumSegments: 1, isIndirect: false)
  let tableBytes = TableMemory.byteCount(ringSize: size)
  let table = UnsafeMutableRawPointer.allocate(byteCount: tableBytes, alignment: 64)
  // Outlives the queue memory, which is dropped here.
  defer { unsafe table.deallocate() }
  let tables = unsafe TableMemory(unsafeAddress: UInt(bitPattern: table), byteCount: tableBytes - tablesLess)
  let memory = QueueMemory(
    ringLayout: ring, slotLayout: slot, ring: try pool.allocate(byteCount: ring.byteCount - ringLess),
    blocks: try pool.allocate(byteCount: max(1, slot.slotCount(ringSize: size)) * slot.blockByteCount - blocksLess),
    tables: tables)
  _ = consume memory
}
