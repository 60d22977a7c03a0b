import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtqueueStorage

@testable import VirtIOTestSupport

/// What a queue writes into memory, byte for byte, in memory that the caller supplies.
@safe
final class RingContentsTests {
  typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>
  private let heap = DeviceHeap()
  private let memory: TestMemory
  private let device: ScriptedDevice
  private var names: [(name: String, address: UInt64, byteCount: Int)] = []
  private var table: UnsafeMutableRawPointer?
  private var bus: Bus?

  init() {
    memory = TestMemory(heap: heap)
    device = ScriptedDevice(type: .console, features: .indirectDescriptors, queueSizes: [16], heap: heap)
    device.setManual(true)
  }

  deinit { unsafe table?.deallocate() }

  /// A queue of 16 entries for a header of 16 bytes, up to 3 segments and a status byte.
  private func makeQueue(isIndirect: Bool) throws -> Virtqueue<Bus> {
    let options = QueueOptions(headerByteCount: 16, statusByteCount: 1, maximumSegments: 3)
    var transport = try Bus(registers: ScriptedMMIORegisters(device: device), memory: memory)
    var waiter = TestWaiter()
    let wanted: FeatureSet = isIndirect ? .indirectDescriptors : []
    let queue = try transport.bringUp(
      as: .console, features: DriverFeatures(wanted: wanted), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in
      let layout = try transport.layout(ofQueue: 0, options, features: features)
      let supplied: QueueMemory
      do throws(DMAError) { supplied = try self.supply(layout) } catch { throw .memory(error) }
      return try transport.makeQueue(0, options, features: features, memory: supplied)
    }
    bus = consume transport
    return queue
  }

  private func supply(_ layout: QueueLayout) throws(DMAError) -> QueueMemory {
    let ring = try memory.allocate(
      byteCount: layout.ring.byteCount, alignment: layout.ringAlignment, direction: .bidirectional)
    let blockBytes = layout.slot.slotCount(ringSize: layout.ring.size) * layout.slot.blockByteCount
    let blocks = try memory.allocate(byteCount: blockBytes)
    names.append(("ring", ring.deviceAddress.rawValue, ring.count))
    names.append(("block", blocks.deviceAddress.rawValue, blocks.count))
    let byteCount = TableMemory.byteCount(ringSize: layout.ring.size)
    unsafe table = .allocate(byteCount: byteCount, alignment: 64)
    let tables = unsafe TableMemory(unsafeAddress: UInt(bitPattern: table), byteCount: byteCount)
    return QueueMemory(ringLayout: layout.ring, slotLayout: layout.slot, ring: ring, blocks: blocks, tables: tables)
  }

  private func buffer(_ name: String, _ byteCount: Int) throws -> DMABuffer {
    let buffer = try memory.allocate(byteCount: byteCount)
    names.append((name, buffer.deviceAddress.rawValue, byteCount))
    return buffer
  }

  private func number(_ address: UInt64, _ byteCount: Int) throws -> UInt64 {
    try heap.read(address, byteCount: byteCount).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Descriptors in words: `block+16 1 bytes, flags 2, next 0`.
  private func descriptors(at start: UInt64, _ indices: Range<Int>) throws -> [String] {
    try indices.map { index in
      let address = try number(start + UInt64(16 * index), 8)
      let place = names.last { address >= $0.address && address < $0.address + UInt64($0.byteCount) }
      let name = place.map { "\($0.name)+\(address - $0.address)" } ?? "nowhere"
      let length = try number(start + UInt64(16 * index + 8), 4)
      let flags = try number(start + UInt64(16 * index + 12), 2)
      return "\(name) \(length) bytes, flags \(flags), next \(try number(start + UInt64(16 * index + 14), 2))"
    }
  }

  private func accept(_ submission: consuming Submission<DMABuffer>) {
    if case .refused(let reason, _) = consume submission { Issue.record("refused: \(reason.words)") }
  }

  private func accept(_ submission: consuming Submission<SegmentList>) {
    if case .refused(let reason, _) = consume submission { Issue.record("refused: \(reason.words)") }
  }

  // SPEC: drivernormative:Reserved Feature Bits 3
  // SPEC: drivernormative:... / Message Framing 1
  // SPEC: drivernormative:... / The Virtqueue Descriptor Table / Indirect Descriptors 1
  @Test func direct_everyKindOfRequest_isLinkedInTheRing() throws {
    var queue = try makeQueue(isIndirect: false)
    #expect(queue.capacity == 3)
    let ring = queue.areas.descriptors.rawValue

    // One buffer, which the device writes: slot 0.
    accept(queue.submit(try buffer("a", 512), deviceWrites: true) { $0.store(0x0123_4567_89ab_cdef as UInt64, at: 8) })
    #expect(
      try descriptors(at: ring, 0..<3) == [
        "block+0 16 bytes, flags 1, next 1", "a+0 512 bytes, flags 3, next 2", "block+16 1 bytes, flags 2, next 0",
      ])
    let header = try heap.read(names[1].address, byteCount: 16)
    #expect(header == [0, 0, 0, 0, 0, 0, 0, 0, 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01])

    // One buffer, which the device reads: slot 1, 5 descriptors and 32 bytes of block further on.
    accept(queue.submit(try buffer("b", 7), deviceWrites: false))
    #expect(
      try descriptors(at: ring, 5..<8) == [
        "block+32 16 bytes, flags 1, next 6", "b+0 7 bytes, flags 1, next 7", "block+48 1 bytes, flags 2, next 0",
      ])

    // A list: slot 2.
    var list = SegmentList(capacity: 3)
    for (name, byteCount) in [("c", 1), ("d", 2), ("e", 3)] { list.append(try buffer(name, byteCount)) }
    accept(queue.submit(list, deviceWrites: true))
    #expect(
      try descriptors(at: ring, 10..<15) == [
        "block+64 16 bytes, flags 1, next 11", "c+0 1 bytes, flags 3, next 12", "d+0 2 bytes, flags 3, next 13",
        "e+0 3 bytes, flags 3, next 14", "block+80 1 bytes, flags 2, next 0",
      ])

    // Nothing is visible yet; then all of it is.
    let available = queue.areas.driver.rawValue
    #expect(try heap.read(available, byteCount: 4) == [0, 0, 0, 0])
    queue.publish()
    #expect(try heap.read(available, byteCount: 10) == [0, 0, 3, 0, 0, 0, 5, 0, 10, 0])
    #expect(device.pending().map(\.head) == [0, 5, 10])

    // The list is done; its slot is linked for one segment again.
    device.complete(at: 2)
    let tokenOfList = queue.complete()?.token.number
    #expect(tokenOfList == 10)
    accept(queue.submit(try buffer("f", 9), deviceWrites: true))
    #expect(
      try descriptors(at: ring, 10..<13) == [
        "block+64 16 bytes, flags 1, next 11", "f+0 9 bytes, flags 3, next 12", "block+80 1 bytes, flags 2, next 0",
      ])
    queue.publish()

    // Without data: header and status follow each other.
    device.complete(at: 2)
    let tokenOfBuffer = queue.complete()?.token.number
    #expect(tokenOfBuffer == 10)
    _ = try queue.submit { $0.store(4 as UInt32, at: 0) }
    #expect(
      try descriptors(at: ring, 10..<12) == [
        "block+64 16 bytes, flags 1, next 11", "block+80 1 bytes, flags 2, next 0",
      ])
    queue.publish()
    #expect(device.pending().map(\.writableByteCount) == [513, 1, 1])
    device.completeAll()
    var count = 0
    while queue.complete() != nil { count += 1 }
    #expect(count == 3)
    #expect(device.violations == [])
    let reset = bus?.reset(attempts: 3)
    queue.deviceWasReset(try #require(reset ?? nil))
  }

  // SPEC: drivernormative:... / Message Framing 1
  // SPEC: drivernormative:... / The Virtqueue Descriptor Table / Indirect Descriptors 2, 4
  @Test func indirect_everyKindOfRequest_isLinkedInItsTable() throws {
    var queue = try makeQueue(isIndirect: true)
    #expect(queue.capacity == 16)
    let ring = queue.areas.descriptors.rawValue
    let block = names[1].address
    // Header at 0, status at 16, a table of 5 at 64: 192 bytes a block.
    accept(queue.submit(try buffer("a", 512), deviceWrites: true))
    #expect(try descriptors(at: ring, 0..<1) == ["block+64 48 bytes, flags 4, next 0"])
    #expect(
      try descriptors(at: block + 64, 0..<3) == [
        "block+0 16 bytes, flags 1, next 1", "a+0 512 bytes, flags 3, next 2", "block+16 1 bytes, flags 2, next 0",
      ])
    var list = SegmentList(capacity: 3)
    for (name, byteCount) in [("c", 1), ("d", 2), ("e", 3)] { list.append(try buffer(name, byteCount)) }
    accept(queue.submit(list, deviceWrites: false))
    #expect(try descriptors(at: ring, 1..<2) == ["block+256 80 bytes, flags 4, next 0"])
    #expect(
      try descriptors(at: block + 256, 0..<5) == [
        "block+192 16 bytes, flags 1, next 1", "c+0 1 bytes, flags 1, next 2", "d+0 2 bytes, flags 1, next 3",
        "e+0 3 bytes, flags 1, next 4", "block+208 1 bytes, flags 2, next 0",
      ])
    queue.publish()
    device.complete(at: 1)
    let tokenOfList = queue.complete()?.token.number
    #expect(tokenOfList == 1)

    // The same slot for a single buffer, then without data: the table's length follows.
    accept(queue.submit(try buffer("f", 9), deviceWrites: true))
    #expect(try descriptors(at: ring, 1..<2) == ["block+256 48 bytes, flags 4, next 0"])
    #expect(
      try descriptors(at: block + 256, 0..<3) == [
        "block+192 16 bytes, flags 1, next 1", "f+0 9 bytes, flags 3, next 2", "block+208 1 bytes, flags 2, next 0",
      ])
    queue.publish()
    device.complete(at: 1)
    let tokenOfBuffer = queue.complete()?.token.number
    #expect(tokenOfBuffer == 1)
    _ = try queue.submit { $0.store(4 as UInt32, at: 0) }
    #expect(try descriptors(at: ring, 1..<2) == ["block+256 32 bytes, flags 4, next 0"])
    #expect(
      try descriptors(at: block + 256, 0..<2) == [
        "block+192 16 bytes, flags 1, next 1", "block+208 1 bytes, flags 2, next 0",
      ])
    queue.publish()
    #expect(device.pending().allSatisfy { $0.isIndirect })
    device.completeAll()
    var count = 0
    while queue.complete() != nil { count += 1 }
    #expect(count == 2)
    #expect(device.violations == [])
    let reset = bus?.reset(attempts: 3)
    queue.deviceWasReset(try #require(reset ?? nil))
  }
}
