/// Which pages are free: a sorted list of ranges that neither overlap nor touch. Pure arithmetic, no memory is accessed.
struct FreeRanges {
  /// The size of a page in bytes. All ranges are made of whole pages.
  static let page: UInt = 4096

  /// Everything that this list is responsible for, free or not; sorted, disjoint, not touching.
  private(set) var managed: [MemoryRange] = []
  /// What is free among it; sorted, disjoint, not touching.
  private(set) var free: [MemoryRange] = []

  /// All whole pages of `ranges` (in any order; overlaps count once) that do not touch any of `excluded`.
  init(ranges: [MemoryRange], excluding excluded: [MemoryRange]) {
    for range in ranges {
      // The page of address 0 stays out: an allocation there would look like a null pointer.
      let start = max(Self.roundedUp(range.start) ?? .max, Self.page)
      let pages = MemoryRange(start: start, end: range.end & ~(Self.page - 1))
      if !pages.isEmpty { Self.unite(pages, into: &managed) }
    }
    for range in excluded where !range.isEmpty {
      let start = range.start & ~(Self.page - 1)
      Self.subtract(MemoryRange(start: start, end: Self.roundedUp(range.end) ?? .max), from: &managed)
    }
    free = managed
  }

  /// The number of free bytes.
  var freeBytes: UInt { free.reduce(0) { $0 &+ $1.byteCount } }
  /// The number of bytes, free or not.
  var managedBytes: UInt { managed.reduce(0) { $0 &+ $1.byteCount } }

  /// Takes the lowest range that is large enough; nil when there is none.
  ///
  /// - Parameters:
  ///   - byteCount: at least 1; rounded up to whole pages.
  ///   - alignment: a power of two, for the address.
  mutating func reserve(byteCount: UInt, alignment: UInt) -> UInt? {
    guard byteCount > 0, let size = Self.roundedUp(byteCount) else { return nil }
    let mask = max(alignment, Self.page) - 1
    for index in free.indices {
      let range = free[index]
      let (sum, overflow) = range.start.addingReportingOverflow(mask)
      let start = sum & ~mask
      if overflow || start > range.end || range.end - start < size { continue }
      let before = MemoryRange(start: range.start, end: start)
      let after = MemoryRange(start: start + size, end: range.end)
      switch (before.isEmpty, after.isEmpty) {
      case (true, true): free.remove(at: index)
      case (true, false): free[index] = after
      case (false, true): free[index] = before
      case (false, false):
        free[index] = before
        free.insert(after, at: index + 1)
      }
      return start
    }
    return nil
  }

  /// Gives back what `reserve` returned. False, and no change, for anything that is not managed or free already.
  mutating func release(address: UInt, byteCount: UInt) -> Bool {
    guard byteCount > 0, address & (Self.page - 1) == 0, let size = Self.roundedUp(byteCount) else { return false }
    let (end, overflow) = address.addingReportingOverflow(size)
    if overflow { return false }
    let range = MemoryRange(start: address, end: end)
    guard managed.contains(where: { $0.start <= range.start && range.end <= $0.end }),
      !free.contains(where: { !$0.intersection(range).isEmpty })
    else { return false }
    Self.unite(range, into: &free)
    return true
  }

  private static func roundedUp(_ value: UInt) -> UInt? {
    let (sum, overflow) = value.addingReportingOverflow(page - 1)
    return overflow ? nil : sum & ~(page - 1)
  }

  /// Adds a range and joins it with all that it overlaps or touches.
  private static func unite(_ range: MemoryRange, into list: inout [MemoryRange]) {
    let first = list.firstIndex { $0.end >= range.start } ?? list.count
    var last = first
    var joined = range
    while last < list.count, list[last].start <= range.end {
      joined.start = min(joined.start, list[last].start)
      joined.end = max(joined.end, list[last].end)
      last += 1
    }
    list.replaceSubrange(first..<last, with: CollectionOfOne(joined))
  }

  /// Removes a range, cutting what it overlaps.
  private static func subtract(_ range: MemoryRange, from list: inout [MemoryRange]) {
    var rest: [MemoryRange] = []
    for item in list {
      let below = MemoryRange(start: item.start, end: min(item.end, range.start))
      let above = MemoryRange(start: max(item.start, range.end), end: item.end)
      if !below.isEmpty { rest.append(below) }
      if !above.isEmpty { rest.append(above) }
    }
    list = rest
  }
}
