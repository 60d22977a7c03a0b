import Testing

@testable import QTest

struct PageAllocatorTests {
  @Test func take_untilEmpty_handsOutEachPageOnce() {
    var allocator = PageAllocator(0x10_0000..<0x10_4000)
    let starts = (0..<4).map { _ in allocator.take(byteCount: 1, alignment: 1) }
    #expect(starts == [0x10_0000, 0x10_1000, 0x10_2000, 0x10_3000])
    #expect(allocator.take(byteCount: 1, alignment: 1) == nil)
    #expect(allocator.freeByteCount == 0)
  }

  @Test func giveBack_anyOrder_joinsToOneRange() {
    var allocator = PageAllocator(0..<0x8000)
    let starts = (0..<4).compactMap { _ in allocator.take(byteCount: 0x2000, alignment: 64) }
    for index in [2, 0, 3, 1] { allocator.giveBack(starts[index], byteCount: 0x1001) }
    #expect(allocator.free == [0..<0x8000])
  }

  @Test func take_aligned_leavesTheGapForOthers() {
    var allocator = PageAllocator(0x1000..<0x2_0000)
    #expect(allocator.take(byteCount: 0x1000, alignment: 0x1_0000) == 0x1_0000)
    #expect(allocator.take(byteCount: 0xf000, alignment: 4096) == 0x1000)
    #expect(allocator.take(byteCount: 0xf000, alignment: 4096) == 0x1_1000)
    #expect(allocator.take(byteCount: 1, alignment: 1) == nil)
  }

  @Test(arguments: [0, -1, Int.max]) func take_impossibleSize_isNil(_ size: Int) {
    var allocator = PageAllocator(0..<0x8000)
    #expect(allocator.take(byteCount: size, alignment: 1) == nil)
  }
}
