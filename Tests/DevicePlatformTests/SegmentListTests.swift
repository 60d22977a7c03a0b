import DevicePlatform
import Testing
import VirtIOTestSupport

/// Lists of segments own their buffers.
struct SegmentListTests {
  private let heap = DeviceHeap()

  @Test func append_beyondTheFirstCapacity_keepsOrderAndContents() throws {
    let pool = TestMemory(heap: heap)
    var list = SegmentList(capacity: 0)
    #expect(list.count == 0)
    #expect(list.byteCount == 0)
    for number in 1...40 {
      var buffer = try pool.allocate(byteCount: number)
      buffer[number - 1] = UInt8(number)
      list.append(buffer)
    }
    #expect(list.count == 40)
    #expect(list.byteCount == 820)
    #expect(pool.buffersInUse == 40)
    for index in 0..<40 {
      let bytes = list.bytes(at: index)
      #expect(bytes.byteCount == index + 1)
      let last = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
      #expect(last == UInt8(index + 1))
    }
    for number in (1...40).reversed() {
      guard let buffer = list.popLast() else {
        Issue.record("segment \(number) is gone")
        return
      }
      #expect(buffer.count == number)
      #expect(buffer[number - 1] == UInt8(number))
    }
    let isEmpty = list.popLast() == nil
    #expect(isEmpty)
    #expect(list.byteCount == 0)
    #expect(pool.buffersInUse == 0)
    #expect(heap.violations == [])
  }

  @Test func mutableBytes_change_isSeenByTheBuffer() throws {
    let pool = TestMemory(heap: heap)
    var list = SegmentList(capacity: 2)
    list.append(try pool.allocate(byteCount: 4))
    do {
      var bytes = list.mutableBytes(at: 0)
      bytes.storeBytes(of: 0x2a, toByteOffset: 3, as: UInt8.self)
    }
    guard let buffer = list.popLast() else {
      Issue.record("no segment")
      return
    }
    #expect(buffer.array(4) == [0, 0, 0, 0x2a])
  }

  @Test func drop_list_givesEverySegmentBackOnce() throws {
    let pool = TestMemory(heap: heap)
    do {
      var list = SegmentList(capacity: 4)
      for _ in 0..<9 { list.append(try pool.allocate(byteCount: 16)) }
      #expect(pool.buffersInUse == 9)
    }
    #expect(pool.buffersInUse == 0)
    #expect(heap.reservationCount == 0)
    #expect(heap.violations == [])
  }

  @Test func lose_list_losesEverySegment() throws {
    let pool = TestMemory(heap: heap)
    var list = SegmentList(capacity: 1)
    for _ in 0..<3 { list.append(try pool.allocate(byteCount: 16)) }
    list.lose()
    #expect(pool.buffersLost == 3)
    #expect(pool.buffersInUse == 3)
    #expect(heap.reservationCount == 3)
  }

  @Test func disownAndOwn_keepsEverything() throws {
    let pool = TestMemory(heap: heap)
    var list = SegmentList(capacity: 3)
    for number in 1...3 { list.append(try pool.allocate(byteCount: 8 * number)) }
    let domain = list.memoryDomain
    // Nobody else holds the words.
    let raw = unsafe list.unsafeDisown()
    #expect(raw.isSegmentList)
    #expect(raw.byteCount == 48)
    #expect(raw.domain == domain)
    let again = unsafe SegmentList(unsafeOwning: raw)
    #expect(again.count == 3)
    #expect(again.byteCount == 48)
    #expect(again.memoryDomain == domain)
    _ = consume again
    #expect(pool.buffersInUse == 0)
  }

  @Test func misuse_ends() async {
    await #expect(processExitsWith: .failure) {
      var list = SegmentList(capacity: 1)
      list.append(DMABuffer())
    }
    await #expect(processExitsWith: .failure) {
      var list = SegmentList(capacity: 2)
      list.append(try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8))
      list.append(try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8))
    }
    await #expect(processExitsWith: .failure) {
      let list = SegmentList(capacity: 1)
      _ = list.bytes(at: 0)
    }
    await #expect(processExitsWith: .failure) {
      var list = SegmentList(capacity: 1)
      list.append(try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8))
      _ = list.mutableBytes(at: 1)
    }
    await #expect(processExitsWith: .failure) { _ = SegmentList(capacity: 65_536) }
  }
}
