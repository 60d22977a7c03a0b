import PageRanges
import Testing

struct PageRangesTests {
  @Test func take_untilEmpty_handsOutEachPageOnce() {
    var ranges = PageRanges([0x10_0000..<0x10_4000])
    let starts = (0..<4).map { _ in ranges.take(byteCount: 1, alignment: 1) }
    #expect(starts == [0x10_0000, 0x10_1000, 0x10_2000, 0x10_3000])
    #expect(ranges.take(byteCount: 1, alignment: 1) == nil)
    #expect(ranges.freeByteCount == 0)
  }

  @Test func giveBack_anyOrder_joinsToOneRange() {
    var ranges = PageRanges([0..<0x8000])
    let starts = (0..<4).compactMap { _ in ranges.take(byteCount: 0x2000, alignment: 64) }
    for index in [2, 0, 3, 1] { ranges.giveBack(starts[index], byteCount: 0x1001) }
    #expect(ranges.free == [0..<0x8000])
  }

  @Test func take_aligned_leavesTheGapForOthers() {
    var ranges = PageRanges([0x1000..<0x2_0000])
    #expect(ranges.take(byteCount: 0x1000, alignment: 0x1_0000) == 0x1_0000)
    #expect(ranges.take(byteCount: 0xf000, alignment: 4096) == 0x1000)
    #expect(ranges.take(byteCount: 0xf000, alignment: 4096) == 0x1_1000)
    #expect(ranges.take(byteCount: 1, alignment: 1) == nil)
  }

  @Test(arguments: [0, -1, Int.max]) func take_impossibleSize_isNil(_ size: Int) {
    var ranges = PageRanges([0..<0x8000])
    #expect(ranges.take(byteCount: size, alignment: 1) == nil)
  }

  @Test func take_severalRanges_staysInsideOne() {
    var ranges = PageRanges([0x1000..<0x3000, 0x8000..<0xc000])
    #expect(ranges.take(byteCount: 0x3000, alignment: 1) == 0x8000)
    ranges.giveBack(0x8000, byteCount: 0x3000)
    #expect(ranges.free == [0x1000..<0x3000, 0x8000..<0xc000])
  }
}
