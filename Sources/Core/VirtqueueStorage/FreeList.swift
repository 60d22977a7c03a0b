/// The free slots of a queue: the first one's number; each names the next. Only a `TokenTable` makes and changes them, so
/// the number is always that of a slot, or the end.
@frozen
@usableFromInline package struct FreeList: Sendable {
  @usableFromInline let first: UInt32

  @inlinable static var end: UInt32 { @inline(__always) get { 0xffff_ffff } }

  @inlinable @inline(__always)
  init(first: UInt32) { self.first = first }

  /// No slot at all: for a queue that takes nothing more.
  @inlinable package static var none: FreeList { FreeList(first: end) }
  /// There is no free slot.
  @inlinable package var isEmpty: Bool { @inline(__always) get { Int32(bitPattern: first) < 0 } }
}
