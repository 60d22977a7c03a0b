public import DevicePlatform

/// A place for one request: the index of the descriptor that begins its chain. Known to be in range: made from the
/// table's own free stack or from a checked device id only.
@frozen
@usableFromInline package struct Slot: Sendable {
  @usableFromInline let head: UInt32
  @inlinable @inline(__always)
  init(head: UInt32) { self.head = head }
  /// The index of the chain's first descriptor.
  @inlinable @inline(__always)
  package var index: UInt32 { head }
}

/// The driver's own account of a queue: which slots are free, which are with the device, who owns what. Private memory;
/// nothing that the device can write is ever read back as truth.
///
/// A plain view of addresses that `QueueMemory` owns, so that a batch can keep it in registers. Goes from thread to thread
/// with its queue, the only one that uses it: hence the pointers are marked as nobody's.
@frozen
@safe
@usableFromInline
package struct TokenTable: Sendable {
  /// One record for each descriptor, so that a device's id finds its record without a division. Those that begin no
  /// chain are never in flight.
  @usableFromInline nonisolated(unsafe) let records: UnsafeMutablePointer<TokenRecord>
  /// A ring of slots that finished while somebody waited for another one.
  @usableFromInline nonisolated(unsafe) let finished: UnsafeMutablePointer<UInt16>
  /// Number of slots.
  @usableFromInline package let slots: UInt32
  @usableFromInline let size: UInt32

  init(_ memory: borrowing TableMemory, ring: SplitLayout, slot: SlotLayout) {
    precondition(memory.byteCount >= TableMemory.byteCount(ringSize: ring.size), "table memory too small")
    let base = unsafe UnsafeMutableRawPointer(bitPattern: memory.address).unsafelyUnwrapped
    unsafe records = base.bindMemory(to: TokenRecord.self, capacity: ring.size)
    unsafe finished = (base + ring.size * MemoryLayout<TokenRecord>.stride)
      .bindMemory(to: UInt16.self, capacity: ring.size)
    size = UInt32(ring.size)
    let slots = slot.slotCount(ringSize: ring.size)
    self.slots = UInt32(slots)
    for index in 0..<ring.size {
      unsafe (records + index).initialize(to: TokenRecord())
      unsafe (finished + index).initialize(to: 0)
    }
    for number in 0..<slots - 1 {
      unsafe records[number * slot.stride].nextFree = UInt32((number + 1) * slot.stride)
    }
  }

  /// The list of all slots, as long as none is in use.
  @usableFromInline package var allFree: FreeList { FreeList(first: 0) }

  @inlinable @inline(__always)
  @unsafe func record(_ slot: Slot) -> UnsafeMutablePointer<TokenRecord> { unsafe records + Int(slot.head) }

  /// Takes the slot that was given back last out of the list of free slots, which is not empty.
  @inlinable @inline(__always)
  package func takeFree(_ free: inout FreeList) -> Slot {
    let slot = Slot(head: free.first)
    free = unsafe FreeList(first: record(slot).pointee.nextFree)
    return slot
  }

  /// Puts a slot that just left flight into the list of free slots.
  @inlinable @inline(__always)
  package func giveBack(_ slot: Slot, _ free: inout FreeList) {
    unsafe record(slot).pointee.nextFree = free.first
    free = FreeList(first: slot.head)
  }

  /// The slot at a descriptor, if there is such a descriptor. Takes any value that a device can make up.
  @inlinable @inline(__always)
  package func slot(at head: UInt32) -> Slot? { head < size ? Slot(head: head) : nil }

  /// What is known about a slot's request.
  @inlinable @inline(__always)
  package func info(_ slot: Slot) -> TokenInfo { unsafe record(slot).pointee.info }

  /// Changes what is known about a request; its payload stays parked.
  @inlinable
  package func setInfo(_ info: TokenInfo, _ slot: Slot) { unsafe record(slot).pointee.info = info }

  /// What is constant about a slot's chain.
  @inlinable @inline(__always)
  func link(_ slot: Slot) -> ChainLink { unsafe record(slot).pointee.link }

  @inlinable
  func setLink(_ link: ChainLink, _ slot: Slot) { unsafe record(slot).pointee.link = link }

  /// Parks a buffer with its request in a slot that is free.
  @inlinable @inline(__always)
  package func park(_ buffer: consuming DMABuffer, _ info: TokenInfo, at slot: Slot) {
    unsafe record(slot).pointee.payload = buffer.unsafeDisown()
    unsafe record(slot).pointee.info = info
  }

  /// Parks a list of segments with its request in a slot that is free.
  @usableFromInline package func park(_ segments: consuming SegmentList, writable: UInt32, tag: UInt16, at slot: Slot) {
    unsafe record(slot).pointee.payload = segments.unsafeDisown()
    unsafe record(slot).pointee.info = TokenInfo(writable: writable, tag: tag, isOrdinary: false)
  }

  /// Marks a slot that is free as in flight, without a payload.
  @usableFromInline package func park(writable: UInt32, tag: UInt16, at slot: Slot) {
    unsafe record(slot).pointee.payload = .none
    unsafe record(slot).pointee.info = TokenInfo(writable: writable, tag: tag, isOrdinary: false)
  }

  /// Takes the payload of a slot that is in use, and marks the slot as unused.
  @inlinable @inline(__always)
  package func unpark(_ slot: Slot) -> Payload {
    unsafe record(slot).pointee.info = TokenInfo(bits: 0)
    return unsafe Payload(owning: record(slot).pointee.payload)
  }

  /// Remembers a finished slot at `position`, counted without end.
  @inlinable
  package func pushFinished(_ slot: Slot, at position: UInt32) {
    unsafe finished[Int(position & (size - 1))] = UInt16(truncatingIfNeeded: slot.head)
  }

  /// The finished slot at `position`.
  @inlinable
  package func finishedSlot(at position: UInt32) -> Slot {
    unsafe Slot(head: UInt32(finished[Int(position & (size - 1))]))
  }
}
