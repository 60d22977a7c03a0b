/// Device memory that is free, in pages of 4096 bytes: first fit; what comes back is joined with its neighbours. For the
/// platforms of the host; BareMetal's allocator also knows what it manages, and refuses instead of trapping.
package struct PageRanges {
  /// The size of a page in bytes.
  package static let pageByteCount: UInt64 = 4096
  /// Ascending, never adjacent.
  package private(set) var free: [Range<UInt64>]

  /// Everything in `ranges` is free.
  ///
  /// - Parameter ranges: ascending and not adjacent; their ends are multiples of the page size.
  package init(_ ranges: [Range<UInt64>]) { free = ranges }

  /// How many bytes are free.
  package var freeByteCount: UInt64 { free.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) } }

  /// Takes whole pages for `byteCount` bytes, starting at a multiple of `alignment`; nil when there are none.
  package mutating func take(byteCount: Int, alignment: Int) -> UInt64? {
    guard byteCount > 0, alignment <= Int.max / 4, let size = Self.pages(byteCount) else { return nil }
    let alignment = max(UInt64(alignment), Self.pageByteCount)
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
  package mutating func giveBack(_ start: UInt64, byteCount: Int) {
    guard let size = Self.pages(byteCount) else { return }
    var range = start..<start + size
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

  private static func pages(_ byteCount: Int) -> UInt64? {
    guard byteCount <= Int(UInt32.max) else { return nil }
    return (UInt64(byteCount) + pageByteCount - 1) & ~(pageByteCount - 1)
  }
}
