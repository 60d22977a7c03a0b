/// A pile of empty segment lists, kept so that their tables serve again: like `DMABufferStack`, fixed in size.
@frozen
@safe
public struct SegmentListStack: ~Copyable, Sendable {
  // Owned by this value alone, hence safe to send with it.
  @usableFromInline nonisolated(unsafe) let rows: UnsafeMutablePointer<RawDMABuffer>
  let capacity: Int
  var used = 0

  /// An empty pile with room for `capacity` lists.
  public init(capacity: Int) {
    precondition(capacity >= 0, "capacity of a stack of segment lists")
    unsafe rows = .allocate(capacity: max(1, capacity))
    self.capacity = capacity
  }

  /// How many lists it holds.
  public var count: Int { used }

  /// Keeps a list that has no segments; drops it when there is no room, or when it has some.
  public mutating func push(_ list: consuming SegmentList) {
    guard used < capacity, list.count == 0 else { return }
    unsafe (rows + used).initialize(to: list.unsafeDisown())
    used += 1
  }

  /// A list from the pile; nil when there is none.
  public mutating func pop() -> SegmentList? {
    if used == 0 { return nil }
    used -= 1
    return unsafe SegmentList(unsafeOwning: rows[used])
  }

  /// The lists' tables are freed.
  @inlinable deinit { unsafe releaseLists(rows, kept) }

  @usableFromInline var kept: Int { used }
}

@usableFromInline @inline(never)
@unsafe
func releaseLists(_ rows: UnsafeMutablePointer<RawDMABuffer>, _ count: Int) {
  for index in 0..<count { _ = unsafe SegmentList(unsafeOwning: rows[index]) }
  unsafe rows.deallocate()
}
