import CBareMetal
import Testing

/// The C heap over ordinary memory of this process.
@safe
final class TestHeap {
  private let memory: UnsafeMutableRawPointer
  private let heap = UnsafeMutablePointer<vireo_heap>.allocate(capacity: 1)
  let byteCount: UInt

  init(byteCount: UInt) {
    self.byteCount = byteCount
    unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: Int(byteCount), alignment: 4096)
    unsafe vireo_heap_init(heap, vireo_word(UInt(bitPattern: memory)), vireo_word(byteCount))
  }

  deinit {
    unsafe heap.deallocate()
    unsafe memory.deallocate()
  }

  func allocate(_ byteCount: UInt, alignment: UInt = 16) -> UInt? {
    let address = unsafe UInt(vireo_heap_allocate(heap, vireo_word(byteCount), vireo_word(alignment)))
    return address == 0 ? nil : address
  }

  /// True when the heap took it.
  func free(_ address: UInt) -> Bool { unsafe vireo_heap_free(heap, vireo_word(address)) == 0 }

  /// 0 when all is well.
  var check: Int32 { unsafe vireo_heap_check(heap) }
  var largestFree: UInt { unsafe UInt(vireo_heap_largest_free(heap)) }
  var blocks: UInt { unsafe UInt(heap.pointee.blocks_in_use) }
  var bytes: UInt { unsafe UInt(heap.pointee.bytes_in_use) }

  func contains(_ address: UInt, _ count: UInt) -> Bool {
    let start = unsafe UInt(bitPattern: memory)
    return address >= start && address + count <= start + byteCount
  }

  /// Damages a word, for a control of `check`.
  func overwrite(_ address: UInt, with value: UInt) {
    unsafe UnsafeMutablePointer<UInt>(bitPattern: address).unsafelyUnwrapped.pointee = value
  }

  func fill(_ address: UInt, _ count: UInt, _ byte: UInt8) {
    unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
      .initializeMemory(as: UInt8.self, repeating: byte, count: Int(count))
  }

  func holds(_ address: UInt, _ count: UInt, _ byte: UInt8) -> Bool {
    let bytes = unsafe UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: Int(count))
    return unsafe bytes.allSatisfy { $0 == byte }
  }
}

struct HeapTests {
  @Test func fresh_isOneFreeBlock() {
    let heap = TestHeap(byteCount: 65_536)
    #expect(heap.check == 0)
    #expect(heap.blocks == 0)
    #expect(heap.largestFree > 65_536 - 64)
  }

  @Test func allocate_everything_thenNothingIsLeft() throws {
    let heap = TestHeap(byteCount: 65_536)
    let all = try #require(heap.allocate(heap.largestFree))
    #expect(heap.check == 0)
    #expect(heap.allocate(1) == nil)
    #expect(heap.free(all))
    #expect(heap.check == 0)
    #expect(heap.bytes == 0)
  }

  @Test func allocate_senseless_isRefused() {
    let heap = TestHeap(byteCount: 65_536)
    #expect(heap.allocate(.max) == nil)
    #expect(heap.allocate(1 << 63) == nil)
    #expect(heap.allocate(65_536) == nil)
    #expect(heap.allocate(16, alignment: 48) == nil)
    #expect(heap.allocate(16, alignment: 1 << 63) == nil)
    #expect(heap.check == 0)
  }

  @Test func free_twiceOrForeign_isRefused() throws {
    let heap = TestHeap(byteCount: 65_536)
    let first = try #require(heap.allocate(100))
    let second = try #require(heap.allocate(100))
    #expect(!heap.free(first + 16))
    #expect(!heap.free(first + 8))
    #expect(!heap.free(16))
    #expect(heap.free(first))
    #expect(!heap.free(first))
    #expect(heap.free(second))
    #expect(!heap.free(second))
    #expect(heap.check == 0)
  }

  @Test func neighbours_areJoined() throws {
    let heap = TestHeap(byteCount: 65_536)
    let largest = heap.largestFree
    let blocks = try (0..<8).map { _ in try #require(heap.allocate(1_000)) }
    for index in [1, 3, 5, 7, 0, 2, 4, 6] {
      #expect(heap.free(blocks[index]))
      #expect(heap.check == 0)
    }
    #expect(heap.largestFree == largest)
  }

  @Test func check_damagedHeader_isNoticed() throws {
    let heap = TestHeap(byteCount: 65_536)
    let block = try #require(heap.allocate(100))
    _ = try #require(heap.allocate(100))
    heap.overwrite(block - 8, with: 33)
    #expect(heap.check != 0)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func random_blocksKeepTheirBytes(seed: UInt64) {
    var random = TestRandom(seed: seed)
    let heap = TestHeap(byteCount: 1 << 20)
    let largest = heap.largestFree
    var living: [(address: UInt, count: UInt, byte: UInt8)] = []
    for step in 0..<20_000 {
      if living.isEmpty || random.next(below: 100) < 52 {
        let count = UInt(random.next(below: random.next(below: 8) == 0 ? 20_000 : 300))
        let alignment = UInt(1) << random.next(below: 13)
        guard let address = heap.allocate(count, alignment: alignment) else { continue }
        let byte = UInt8(truncatingIfNeeded: step)
        #expect(address % max(alignment, 16) == 0)
        #expect(heap.contains(address, count))
        heap.fill(address, count, byte)
        living.append((address, count, byte))
      } else {
        let block = living.remove(at: random.next(below: living.count))
        #expect(heap.holds(block.address, block.count, block.byte))
        #expect(heap.free(block.address))
      }
      if step % 64 == 0 { #expect(heap.check == 0) }
    }
    for block in living { #expect(heap.holds(block.address, block.count, block.byte) && heap.free(block.address)) }
    #expect(heap.check == 0)
    #expect(heap.bytes == 0)
    #expect(heap.largestFree == largest)
  }
}
