/// A range of addresses, from `start` up to, not including, `end`.
@frozen
public struct MemoryRange: Equatable, Sendable {
  /// The first address.
  public var start: UInt
  /// One behind the last address; never below `start`.
  public var end: UInt

  /// The range from `start` up to `end`; empty when they are the other way round.
  public init(start: UInt, end: UInt) {
    self.start = start
    self.end = end > start ? end : start
  }

  /// `byteCount` bytes from `start`, cut off at the end of the address space.
  public init(start: UInt, byteCount: UInt) {
    let (end, overflow) = start.addingReportingOverflow(byteCount)
    self.init(start: start, end: overflow ? .max : end)
  }

  /// The size in bytes.
  public var byteCount: UInt { end &- start }
  /// True when there is no address in it.
  public var isEmpty: Bool { start == end }

  /// True when `address` lies inside.
  public func contains(_ address: UInt) -> Bool { start <= address && address < end }

  /// What both have; empty when they have nothing in common.
  public func intersection(_ other: MemoryRange) -> MemoryRange {
    MemoryRange(start: max(start, other.start), end: min(end, other.end))
  }
}
