/// Hands out ranges of pages, first fit, and joins what comes back.
struct PageAllocator {
  static let pageByteCount = 4096
  /// Free ranges, ascending, never adjacent.
  private(set) var free: [Range<Int>]

  /// Everything in `range` is free. Its ends are multiples of the page size.
  init(_ range: Range<Int>) { free = range.isEmpty ? [] : [range] }

  /// How many bytes are free.
  var freeByteCount: Int { free.reduce(0) { $0 + $1.count } }

  /// Takes whole pages for `byteCount` bytes, starting at a multiple of `alignment`; nil when there are none.
  mutating func take(byteCount: Int, alignment: Int) -> Int? {
    guard byteCount > 0, byteCount <= Int.max / 2, alignment <= Int.max / 4 else { return nil }
    let alignment = max(alignment, Self.pageByteCount)
    let size = Self.pages(byteCount)
    for (index, range) in free.enumerated() {
      let start = (range.lowerBound + alignment - 1) & ~(alignment - 1)
      guard start < range.upperBound, range.upperBound - start >= size else { continue }
      let rest = [range.lowerBound..<start, start + size..<range.upperBound].filter { !$0.isEmpty }
      free.replaceSubrange(index...index, with: rest)
      return start
    }
    return nil
  }

  /// Takes back what `take` returned.
  mutating func giveBack(_ start: Int, byteCount: Int) {
    var range = start..<start + Self.pages(byteCount)
    var index = free.firstIndex { $0.lowerBound >= range.lowerBound } ?? free.count
    precondition(
      (index == free.count || range.upperBound <= free[index].lowerBound)
        && (index == 0 || free[index - 1].upperBound <= range.lowerBound), "pages given back twice")
    if index < free.count, free[index].lowerBound == range.upperBound {
      range = range.lowerBound..<free[index].upperBound
      free.remove(at: index)
    }
    if index > 0, free[index - 1].upperBound == range.lowerBound {
      index -= 1
      range = free[index].lowerBound..<range.upperBound
      free.remove(at: index)
    }
    free.insert(range, at: index)
  }

  private static func pages(_ byteCount: Int) -> Int { (byteCount + pageByteCount - 1) & ~(pageByteCount - 1) }
}
