import DevicePlatform
import Testing
import VirtIOTestSupport

/// Ownership and accounting of DMA memory.
struct DMAPoolTests {
  private let heap = DeviceHeap()

  @Test(arguments: [(1, 1), (3, 64), (4096, 4096), (100_000, 16)])
  func allocate_anySize_isZeroedAlignedAndShared(byteCount: Int, alignment: Int) throws {
    let pool = TestMemory(heap: heap)
    let buffer = try pool.allocate(byteCount: byteCount, alignment: alignment, direction: .bidirectional)
    #expect(buffer.count == byteCount)
    let isEmpty = buffer.isEmpty
    #expect(!isEmpty)
    #expect(buffer.deviceAddress.rawValue % UInt64(alignment) == 0)
    // The provider's memory is filled with 0xa5.
    #expect(buffer.array(byteCount) == Array(repeating: 0, count: byteCount))
    #expect(heap.sharedCount == 1)
    #expect(pool.bytesInUse == byteCount)
    #expect(pool.buffersInUse == 1)
    #expect(pool.buffersLost == 0)
  }

  @Test(
    arguments: [
      (0, 64), (-1, 64), (Int(UInt32.max) + 1, 64), (.max, 64), (.min, 64), (64, 0), (64, -64), (64, 3), (64, .min),
    ])
  func allocate_impossibleSize_isRefused(byteCount: Int, alignment: Int) {
    let pool = TestMemory(heap: heap)
    let error = failure { () throws(DMAError) in
      _ = try pool.allocate(byteCount: byteCount, alignment: alignment, direction: .bidirectional)
    }
    #expect(error == .invalidSize(byteCount: byteCount, alignment: alignment))
    #expect(heap.reservationCount == 0)
    #expect(pool.buffersInUse == 0)
  }

  @Test func allocate_nothingLeft_isOutOfMemoryAndLaterWorksAgain() throws {
    let pool = TestMemory(heap: heap)
    heap.capacity = 100
    let first = try pool.allocate(byteCount: 60)
    let error = failure { () throws(DMAError) in _ = try pool.allocate(byteCount: 41) }
    #expect(error == .outOfMemory(byteCount: 41, alignment: 64))
    #expect(pool.bytesInUse == 60)
    #expect(pool.buffersInUse == 1)
    _ = consume first
    let second = try pool.allocate(byteCount: 100)
    #expect(second.count == 100)
  }

  @Test func allocate_shareRefused_givesTheReservationBack() {
    let pool = TestMemory(heap: heap)
    heap.failShares(1)
    let error = failure { () throws(DMAError) in _ = try pool.allocate(byteCount: 512) }
    #expect(error == .notShareable(byteCount: 512))
    #expect(heap.reservationCount == 0)
    #expect(pool.bytesInUse == 0)
    #expect(pool.buffersInUse == 0)
    #expect(heap.violations == [])
  }

  @Test func drop_buffers_comeHomeOneByOne() throws {
    let pool = TestMemory(heap: heap)
    let first = try pool.allocate(byteCount: 100)
    do {
      let second = try pool.allocate(byteCount: 28)
      #expect(pool.bytesInUse == 128)
      #expect(second.domain == first.domain)
    }
    #expect(pool.bytesInUse == 100)
    #expect(pool.buffersInUse == 1)
    #expect(heap.reservationCount == 1)
    _ = consume first
    #expect(pool.buffersInUse == 0)
    #expect(heap.reservationCount == 0)
    #expect(heap.sharedCount == 0)
    #expect(heap.violations == [])
  }

  @Test func drop_poolBeforeItsBuffer_keepsTheMemoryUntilTheBufferGoes() throws {
    weak var watched: TestMemory?
    do {
      var buffer: DMABuffer
      do {
        let pool = TestMemory(heap: heap)
        watched = pool
        buffer = try pool.allocate(byteCount: 64)
      }
      #expect(watched != nil)
      buffer[63] = 7
      #expect(buffer[63] == 7)
      #expect(heap.reservationCount == 1)
    }
    #expect(watched == nil)
    #expect(heap.reservationCount == 0)
    #expect(heap.violations == [])
  }

  @Test func drop_buffersOfTwoPools_goToTheirOwn() throws {
    let otherHeap = DeviceHeap()
    let (one, other) = (TestMemory(heap: heap), TestMemory(heap: otherHeap))
    let first = try one.allocate(byteCount: 10)
    do {
      let second = try other.allocate(byteCount: 20)
      #expect(first.domain != second.domain)
    }
    #expect(one.bytesInUse == 10)
    #expect(other.bytesInUse == 0)
    #expect(heap.violations + otherHeap.violations == [])
  }

  @Test func lose_buffer_staysAllocatedForGood() throws {
    weak var watched: TestMemory?
    let domain: UInt32
    do {
      let pool = TestMemory(heap: heap)
      watched = pool
      let buffer = try pool.allocate(byteCount: 64)
      domain = buffer.domain
      buffer.lose()
      #expect(pool.buffersLost == 1)
      #expect(pool.buffersInUse == 1)
      #expect(pool.bytesInUse == 64)
    }
    // The device may still write there: neither the memory nor its owner nor the number goes.
    #expect(watched != nil)
    #expect(heap.reservationCount == 1)
    #expect(heap.sharedCount == 1)
    for _ in 0..<50 {
      let other = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 1)
      #expect(other.domain != domain)
    }
  }

  @Test func drop_manyBuffersOnManyThreads_leavesNothing() async throws {
    let pool = TestMemory(heap: heap)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 1...4 {
        group.addTask {
          for round in 1...200 {
            let buffer = try pool.allocate(byteCount: worker * round)
            #expect(buffer.count == worker * round)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(pool.bytesInUse == 0)
    #expect(pool.buffersInUse == 0)
    #expect(heap.reservationCount == 0)
    #expect(heap.violations == [])
  }
}

/// The error of a body, for throwing code over noncopyable values.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
  do throws(Failure) {
    try body()
    return nil
  } catch { return error }
}
