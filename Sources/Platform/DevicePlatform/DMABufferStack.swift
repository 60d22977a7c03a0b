/// A pile of buffers that are not in use at the moment: what an application keeps between a completion and the next
/// submission. Fixed capacity, allocates nothing after its creation. Last in, first out, so that the next buffer is the
/// one whose lines are still in the cache.
@frozen
@safe
public struct DMABufferStack: ~Copyable, Sendable {
  // Pointers instead of indices: a push or a pop is a move and an addition.
  @usableFromInline nonisolated(unsafe) let bottom: UnsafeMutablePointer<RawDMABuffer>
  @usableFromInline nonisolated(unsafe) let limit: UnsafeMutablePointer<RawDMABuffer>
  @usableFromInline nonisolated(unsafe) var top: UnsafeMutablePointer<RawDMABuffer>

  /// An empty pile with room for `capacity` buffers.
  public init(capacity: Int) {
    precondition(capacity >= 0, "capacity of a stack of buffers")
    unsafe bottom = .allocate(capacity: max(1, capacity))
    unsafe limit = bottom + capacity
    unsafe top = bottom
  }

  /// How many buffers it can hold.
  @inlinable public var capacity: Int { unsafe limit - bottom }
  /// How many it holds.
  @inlinable public var count: Int { unsafe top - bottom }

  /// Puts a buffer on top. There must be room.
  @inlinable @inline(__always)
  public mutating func push(_ buffer: consuming DMABuffer) {
    precondition(unsafe top < limit, "the stack of buffers is full")
    unsafe top.initialize(to: buffer.unsafeDisown())
    unsafe top += 1
  }

  /// Takes the top buffer; nil when there is none.
  @inlinable @inline(__always)
  public mutating func pop() -> DMABuffer? {
    if unsafe top == bottom { return nil }
    unsafe top -= 1
    return unsafe DMABuffer(unsafeOwning: top.pointee)
  }

  /// The buffers go back to where they came from.
  @inlinable
  deinit {
    for index in 0..<count { _ = unsafe DMABuffer(unsafeOwning: bottom[index]) }
    unsafe bottom.deallocate()
  }
}
