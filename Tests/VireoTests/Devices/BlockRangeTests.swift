import Testing

@testable import VireoTool

@Suite struct BlockRangeTests {
  @Test func withoutWords_isTheWholeDisk() throws {
    let range = try BlockRange(first: 0, count: nil, capacity: 100, blockByteCount: 512)
    #expect(range.count == 100)
    #expect(range.byteCount == 51_200)
  }

  @Test func firstAlone_isTheRest() throws {
    #expect(try BlockRange(first: 90, count: nil, capacity: 100, blockByteCount: 512).count == 10)
    #expect(try BlockRange(first: 0, count: nil, capacity: 0, blockByteCount: 512).count == 0)
  }

  @Test(
    arguments: [(101, nil), (100, nil), (100, 1), (99, 2), (0, 101), (.max / 512, .max / 512)] as [(UInt64, UInt64?)])
  func beyondTheEnd_isRefused(first: UInt64, count: UInt64?) {
    #expect(throws: UsageError.self) { try BlockRange(first: first, count: count, capacity: 100, blockByteCount: 512) }
  }

  @Test(arguments: [(1, 8), (8, 1), (4, 4)] as [(UInt64, UInt64)])
  func partOfABlock_isRefused(first: UInt64, count: UInt64) {
    #expect(throws: UsageError.self) { try BlockRange(first: first, count: count, capacity: 800, blockByteCount: 4096) }
  }
}
