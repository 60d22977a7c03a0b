import Testing

@testable import BareMetal

/// `FreeRanges` behind a reference: expectations cannot call mutating functions of a value.
private final class TestRanges {
  private var list: FreeRanges

  init(ranges: [MemoryRange], excluding excluded: [MemoryRange]) {
    list = FreeRanges(ranges: ranges, excluding: excluded)
  }

  var free: [MemoryRange] { list.free }
  var managed: [MemoryRange] { list.managed }
  var freeBytes: UInt { list.freeBytes }
  var managedBytes: UInt { list.managedBytes }

  func reserve(byteCount: UInt, alignment: UInt) -> UInt? { list.reserve(byteCount: byteCount, alignment: alignment) }
  func release(address: UInt, byteCount: UInt) -> Bool { list.release(address: address, byteCount: byteCount) }
}

struct FreeRangesTests {
  private let page = FreeRanges.page

  private func megabyte(excluding excluded: [MemoryRange] = []) -> TestRanges {
    TestRanges(ranges: [MemoryRange(start: 0x10_0000, end: 0x20_0000)], excluding: excluded)
  }

  @Test func ranges_unorderedAndOverlapping_countOnce() {
    let list = TestRanges(
      ranges: [
        MemoryRange(start: 0x8000, end: 0xa000), MemoryRange(start: 0x2000, end: 0x4000),
        MemoryRange(start: 0x3000, end: 0x5000), MemoryRange(start: 0x5000, end: 0x6000),
      ], excluding: [])
    #expect(list.free == [MemoryRange(start: 0x2000, end: 0x6000), MemoryRange(start: 0x8000, end: 0xa000)])
  }

  @Test func ranges_unaligned_areCutToWholePages() {
    let list = TestRanges(ranges: [MemoryRange(start: 0x1001, end: 0x4fff)], excluding: [])
    #expect(list.free == [MemoryRange(start: 0x2000, end: 0x4000)])
  }

  @Test func ranges_fromZero_leaveTheFirstPageOut() {
    let list = TestRanges(ranges: [MemoryRange(start: 0, end: 0x3000)], excluding: [])
    #expect(list.free == [MemoryRange(start: 0x1000, end: 0x3000)])
  }

  @Test func ranges_endOfAddressSpace_doNotOverflow() {
    let list = TestRanges(ranges: [MemoryRange(start: .max - 0x1fff, end: .max)], excluding: [])
    #expect(list.free == [MemoryRange(start: .max - 0x1fff, end: .max - 0xfff)])
    #expect(list.reserve(byteCount: .max, alignment: 1) == nil)
    #expect(list.reserve(byteCount: 1, alignment: 1 << 63) == nil)
    #expect(list.reserve(byteCount: 1, alignment: 1) == UInt.max - 0x1fff)
  }

  @Test func excluded_partsAndEdges_areTouchedByNoRange() {
    let list = megabyte(excluding: [
      MemoryRange(start: 0x0f_0000, end: 0x10_0001), MemoryRange(start: 0x14_0800, end: 0x14_0900),
      MemoryRange(start: 0x1f_f000, end: .max), MemoryRange(start: 5, end: 5),
    ])
    #expect(
      list.free == [MemoryRange(start: 0x10_1000, end: 0x14_0000), MemoryRange(start: 0x14_1000, end: 0x1f_f000)])
    #expect(list.managed == list.free)
  }

  @Test func reserve_alignment_isHonouredAndLeavesTheGapFree() {
    let list = TestRanges(ranges: [MemoryRange(start: 0x1000, end: 0x20000)], excluding: [])
    #expect(list.reserve(byteCount: 5000, alignment: 0x8000) == 0x8000)
    #expect(list.free == [MemoryRange(start: 0x1000, end: 0x8000), MemoryRange(start: 0xa000, end: 0x20000)])
    #expect(list.reserve(byteCount: 1, alignment: 1) == 0x1000)
  }

  @Test func reserve_tooMuch_isRefusedAndChangesNothing() {
    let list = megabyte()
    #expect(list.reserve(byteCount: 0x10_0001, alignment: 1) == nil)
    #expect(list.reserve(byteCount: 0, alignment: 1) == nil)
    #expect(list.freeBytes == 0x10_0000)
    #expect(list.reserve(byteCount: 0x10_0000, alignment: 1) == 0x10_0000)
    #expect(list.free.isEmpty)
    #expect(list.reserve(byteCount: 1, alignment: 1) == nil)
  }

  @Test func release_joinsWithBothNeighbours() throws {
    let list = megabyte()
    let blocks = try (0..<4).map { _ in try #require(list.reserve(byteCount: page, alignment: page)) }
    #expect(list.release(address: blocks[0], byteCount: page))
    #expect(list.release(address: blocks[2], byteCount: page))
    #expect(list.free.count == 3)
    #expect(list.release(address: blocks[1], byteCount: page))
    #expect(list.free.count == 2)
    #expect(list.release(address: blocks[3], byteCount: page))
    #expect(list.free == [MemoryRange(start: 0x10_0000, end: 0x20_0000)])
  }

  @Test func release_twiceOrForeign_isRefused() throws {
    let list = megabyte()
    let block = try #require(list.reserve(byteCount: 3 * page, alignment: page))
    #expect(!list.release(address: block + 1, byteCount: page))
    #expect(!list.release(address: 0x20_0000, byteCount: page))
    #expect(!list.release(address: block, byteCount: 4 * page), "the fourth page is free")
    #expect(!list.release(address: block, byteCount: .max))
    #expect(!list.release(address: block, byteCount: 0))
    #expect(list.release(address: block, byteCount: 3 * page))
    #expect(!list.release(address: block, byteCount: 3 * page))
  }

  @Test func reserveAndRelease_randomly_neverOverlapAndAllComesBack() {
    var random = TestRandom(seed: 7)
    let list = TestRanges(
      ranges: [MemoryRange(start: 0x10_0000, end: 0x40_0000), MemoryRange(start: 0x80_0000, end: 0x90_0000)],
      excluding: [MemoryRange(start: 0x22_0000, end: 0x23_0000)])
    let whole = list.free
    var living: [MemoryRange] = []
    for _ in 0..<5_000 {
      if living.isEmpty || random.next(below: 100) < 55 {
        let alignment = page << random.next(below: 6)
        let size = UInt(random.next(below: 60_000) + 1)
        guard let start = list.reserve(byteCount: size, alignment: alignment) else { continue }
        let block = MemoryRange(start: start, byteCount: size)
        #expect(start % alignment == 0)
        #expect(whole.contains { $0.start <= block.start && block.end <= $0.end })
        #expect(!living.contains { !$0.intersection(block).isEmpty })
        living.append(block)
      } else {
        let block = living.remove(at: random.next(below: living.count))
        #expect(list.release(address: block.start, byteCount: block.byteCount))
      }
      let used = living.reduce(0) { $0 + ($1.byteCount + page - 1) & ~(page - 1) }
      #expect(list.freeBytes + used == list.managedBytes)
    }
    for block in living { #expect(list.release(address: block.start, byteCount: block.byteCount)) }
    #expect(list.free == whole)
  }
}

/// A small repeatable generator (SplitMix64).
struct TestRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return Int((value ^ value >> 31) % UInt64(bound))
  }
}
