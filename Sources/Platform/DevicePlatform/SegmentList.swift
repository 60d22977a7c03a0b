/// Several DMA buffers that one request fills or empties in order, as if they were one.
///
/// The list owns its buffers and is consumed and given back with the request, like a single buffer. Its table is
/// allocated when it grows; a list that is reused allocates nothing.
@frozen
@safe
public struct SegmentList: ~Copyable, Sendable {
  /// Rows of the table, `count` of them in use.
  @usableFromInline nonisolated(unsafe) var table: UnsafeMutablePointer<RawDMABuffer>
  @usableFromInline var used: UInt32
  @usableFromInline var capacity: UInt32
  @usableFromInline var total: UInt32
  @usableFromInline var domain: UInt32

  /// An empty list with room for `capacity` segments (at least one).
  public init(capacity: Int) {
    precondition(capacity >= 0 && capacity <= Int(UInt16.max), "a segment list holds at most 65535 segments")
    unsafe table = .allocate(capacity: max(1, capacity))
    self.capacity = UInt32(max(1, capacity))
    used = 0
    total = 0
    domain = 0
  }

  /// Number of segments.
  public var count: Int { Int(used) }
  /// The number of the DMA memory that the segments came from; of no meaning while there are none.
  public var memoryDomain: UInt32 { domain }
  /// The sum of the segments' sizes, at most 4 GiB - 1.
  public var byteCount: Int { Int(total) }

  /// Adds a segment at the end. It must come from the same memory as the others, must not be empty, and the sum of
  /// all sizes stays below 4 GiB.
  public mutating func append(_ buffer: consuming DMABuffer) {
    let raw = unsafe buffer.unsafeDisown()
    precondition(raw.byteCount != 0, "a segment has at least one byte")
    precondition(used == 0 || raw.domain == domain, "all segments of a list come from the same DMA memory")
    if used == capacity { grow() }
    total += raw.byteCount
    domain = raw.domain
    unsafe (table + Int(used)).initialize(to: raw)
    used += 1
  }

  /// How many segments fit before the table has to grow.
  public var room: Int { Int(capacity - used) }

  /// Adds a segment at the end as `append` does, where there is room: allocates nothing.
  public mutating func appendInPlace(_ buffer: consuming DMABuffer) {
    let raw = unsafe buffer.unsafeDisown()
    precondition(used < capacity, "a segment list without room")
    precondition(raw.byteCount != 0, "a segment has at least one byte")
    precondition(used == 0 || raw.domain == domain, "all segments of a list come from the same DMA memory")
    total += raw.byteCount
    domain = raw.domain
    unsafe (table + Int(used)).initialize(to: raw)
    used += 1
  }

  /// Takes the last segment out; nil when there is none.
  public mutating func popLast() -> DMABuffer? {
    if used == 0 { return nil }
    used -= 1
    let raw = unsafe table[Int(used)]
    total -= raw.byteCount
    return unsafe DMABuffer(unsafeOwning: raw)
  }

  /// The contents of one segment.
  @_lifetime(borrow self)
  public func bytes(at index: Int) -> RawSpan {
    precondition(index >= 0 && index < count, "segment index")
    let raw = unsafe table[index]
    let buffer = unsafe UnsafeRawBufferPointer(
      start: UnsafeRawPointer(bitPattern: raw.address), count: Int(raw.byteCount))
    return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
  }

  /// The contents of one segment, to be changed.
  @_lifetime(&self)
  public mutating func mutableBytes(at index: Int) -> MutableRawSpan {
    precondition(index >= 0 && index < count, "segment index")
    let raw = unsafe table[index]
    let buffer = unsafe UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: raw.address), count: Int(raw.byteCount))
    return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: buffer), mutating: &self)
  }

  /// The words of one segment, for code inside the fence. The list still owns it.
  @unsafe
  public func unsafeSegment(at index: Int) -> RawDMABuffer {
    precondition(index >= 0 && index < count, "segment index")
    return unsafe table[index]
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<RawDMABuffer>.allocate(capacity: Int(capacity) * 2)
    unsafe larger.moveInitialize(from: table, count: Int(used))
    unsafe table.deallocate()
    unsafe table = larger
    capacity *= 2
  }

  /// Ends the ownership; the words describe the table, `unsafeOwning` makes a list of them again.
  @inlinable @inline(__always)
  @unsafe
  public consuming func unsafeDisown() -> RawDMABuffer {
    let raw = unsafe RawDMABuffer(
      address: UInt(bitPattern: table), deviceAddress: UInt64(used) | UInt64(capacity) &<< 32,
      extent: UInt64(total) | UInt64(domain) &<< 32 | 1 &<< 63)
    discard self
    return raw
  }

  /// Makes a list out of what `unsafeDisown` returned. Once.
  @inlinable @inline(__always)
  @unsafe
  public init(unsafeOwning raw: RawDMABuffer) {
    unsafe table = UnsafeMutablePointer(bitPattern: raw.address).unsafelyUnwrapped
    used = UInt32(truncatingIfNeeded: raw.deviceAddress)
    capacity = UInt32(truncatingIfNeeded: raw.deviceAddress &>> 32)
    total = raw.byteCount
    domain = raw.domain
  }

  /// Gives all segments up, see `DMABuffer.lose()`. The table itself was never shared and is freed.
  public consuming func lose() {
    while let buffer = popLast() { buffer.lose() }
  }

  @inlinable deinit { unsafe releaseSegments(table, used) }
}

@usableFromInline @inline(never)
@unsafe
func releaseSegments(_ table: UnsafeMutablePointer<RawDMABuffer>, _ count: UInt32) {
  for index in 0..<Int(count) { unsafe table[index].reclaim() }
  unsafe table.deallocate()
}
