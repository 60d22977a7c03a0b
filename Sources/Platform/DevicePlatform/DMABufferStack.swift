/// A pile of buffers that are not in use at the moment: what an application keeps between a completion and the next
/// submission. Fixed capacity, allocates nothing after its creation. Last in, first out, so that the next buffer is the
/// one whose lines are still in the cache.
@frozen
@safe
public struct DMABufferStack: ~Copyable {
  @usableFromInline let storage: UnsafeMutablePointer<RawDMABuffer>
  /// How many buffers it can hold.
  public let capacity: Int
  /// How many it holds.
  @inlinable public var count: Int { top }
  @usableFromInline var top: Int

  /// An empty pile with room for `capacity` buffers.
  public init(capacity: Int) {
    precondition(capacity >= 0, "capacity of a stack of buffers")
    unsafe storage = .allocate(capacity: max(1, capacity))
    self.capacity = capacity
    top = 0
  }

  /// Puts a buffer on top. There must be room.
  @inlinable @inline(__always)
  public mutating func push(_ buffer: consuming DMABuffer) {
    precondition(top < capacity, "the stack of buffers is full")
    unsafe storage[top] = buffer.unsafeDisown()
    top &+= 1
  }

  /// Takes the top buffer; nil when there is none.
  @inlinable @inline(__always)
  public mutating func pop() -> DMABuffer? {
    if top == 0 { return nil }
    top &-= 1
    return unsafe DMABuffer(unsafeOwning: storage[top])
  }

  /// The buffers go back to where they came from.
  @inlinable
  deinit {
    for index in 0..<top { _ = unsafe DMABuffer(unsafeOwning: storage[index]) }
    unsafe storage.deallocate()
  }
}
