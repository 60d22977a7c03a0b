public import VirtqueueStorage

/// Names a request from its submission until its completion is handed over. Then the name is free for another request.
@frozen
public struct Token: Hashable, Sendable {
  @usableFromInline let head: UInt16

  @inlinable @inline(__always)
  init(_ slot: Slot) { head = UInt16(truncatingIfNeeded: slot.index) }

  /// A number below the queue's size, for tables of the caller's own.
  @inlinable public var number: Int { Int(head) }
}
