/// A pile of empty segment lists, kept so that their tables serve again: like `DMABufferStack`, fixed in size.
@frozen
@safe
public struct SegmentListStack: ~Copyable, Sendable {
  // Owned by this value alone, hence safe to send with it.
  @usableFromInline nonisolated(unsafe) let rows: UnsafeMutablePointer<RawDMABuffer>
  /// How many lists it can hold.
  public let capacity: Int
  @usableFromInline var used = 0

  /// An empty pile with room for `capacity` lists.
  public init(capacity: Int) {
    precondition(capacity >= 0, "capacity of a stack of segment lists")
    unsafe rows = .allocate(capacity: max(1, capacity))
    self.capacity = capacity
  }

  /// How many lists it holds.
  public var count: Int { used }

  /// Keeps a list that has no segments. There must be room.
  public mutating func push(_ list: consuming SegmentList) {
    precondition(used < capacity && list.count == 0, "a stack of segment lists takes empty ones, while there is room")
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
  @inlinable deinit { unsafe releaseLists(rows, used) }
}

@usableFromInline @inline(never)
@unsafe
func releaseLists(_ rows: UnsafeMutablePointer<RawDMABuffer>, _ count: Int) {
  for index in 0..<count { _ = unsafe SegmentList(unsafeOwning: rows[index]) }
  unsafe rows.deallocate()
}
