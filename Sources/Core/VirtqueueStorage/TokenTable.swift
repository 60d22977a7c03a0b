public import DevicePlatform

/// A slot's number, known to be in range: made from the table's own free stack or from a checked device id only.
@frozen
public struct Slot: Sendable {
  @usableFromInline let index: UInt32
  @inlinable @inline(__always)
  init(index: UInt32) { self.index = index }
  /// The number.
  @inlinable @inline(__always)
  public var number: UInt32 { index }
}

/// One slot: the words of the payload that the device may use at the moment, and what is known about the request.
@frozen
public struct TokenRecord: BitwiseCopyable, Sendable {
  @usableFromInline var payload: RawDMABuffer
  @usableFromInline var info: TokenInfo

  @inlinable @inline(__always)
  init(payload: RawDMABuffer, info: TokenInfo) {
    self.payload = payload
    self.info = info
  }
}

/// A slot's state in one word, so that it moves in one access. Zero: nothing in flight.
@frozen
public struct TokenInfo: BitwiseCopyable, Sendable {
  @usableFromInline var bits: UInt64

  @inlinable @inline(__always)
  init(bits: UInt64) { self.bits = bits }

  /// A request on its way.
  @inlinable @inline(__always)
  public init(writable: UInt32, tag: UInt16, kind: PayloadKind) {
    bits = UInt64(writable) | UInt64(tag) &<< 32 | UInt64(kind.rawValue) &<< 56 | 1 &<< 63
  }

  /// While in flight: bytes that the device may write. Once finished: bytes that it did write.
  @inlinable @inline(__always)
  public var byteCount: UInt32 { UInt32(truncatingIfNeeded: bits) }
  /// The driver's own mark.
  @inlinable @inline(__always)
  public var tag: UInt16 { UInt16(truncatingIfNeeded: bits &>> 32) }
  /// The status byte of a finished request.
  @inlinable @inline(__always)
  public var status: UInt8 { UInt8(truncatingIfNeeded: bits &>> 48) }
  /// What the payload is.
  @inlinable @inline(__always)
  public var kind: PayloadKind {
    switch (bits &>> 56) & 3 {
    case 0: .none
    case 1: .buffer
    default: .segments
    }
  }
  /// The device has it.
  @inlinable @inline(__always)
  public var isInFlight: Bool { Int64(bitPattern: bits) < 0 }

  /// In flight, or finished and not yet handed over.
  public var isUsed: Bool { bits != 0 }

  /// The same request, finished.
  @inlinable @inline(__always)
  public func finished(written: UInt32, status: UInt8) -> TokenInfo {
    TokenInfo(bits: bits & 0x0300_ffff_0000_0000 | 1 &<< 62 | UInt64(written) | UInt64(status) &<< 48)
  }
}

/// The driver's own account of a queue: which slots are free, which are with the device, who owns what. Private memory;
/// nothing that the device can write is ever read back as truth.
///
/// A plain view of addresses that `QueueMemory` owns, so that a batch can keep it in registers.
@frozen
@safe
public struct TokenTable {
  @usableFromInline let records: UnsafeMutablePointer<TokenRecord>
  /// A stack of free slots' numbers; how many of them are valid is the queue's `free`.
  @usableFromInline let freeStack: UnsafeMutablePointer<UInt16>
  /// A ring of slots that finished while somebody waited for another one.
  @usableFromInline let finished: UnsafeMutablePointer<UInt16>
  /// Number of slots.
  public let slots: UInt32

  init(_ memory: borrowing TableMemory, slots: Int) {
    precondition(memory.byteCount >= TableMemory.byteCount(slots: slots), "table memory too small for the queue")
    let base = unsafe UnsafeMutableRawPointer(bitPattern: memory.address).unsafelyUnwrapped
    unsafe records = base.bindMemory(to: TokenRecord.self, capacity: slots)
    let stacks = unsafe (base + slots * MemoryLayout<TokenRecord>.stride)
      .bindMemory(to: UInt16.self, capacity: 2 * slots)
    unsafe freeStack = stacks
    unsafe finished = stacks + slots
    self.slots = UInt32(slots)
    clear()
  }

  /// Makes every slot free. Only when no payload is parked.
  func clear() {
    let empty = RawDMABuffer.none
    for index in 0..<Int(slots) {
      unsafe (records + index).initialize(to: TokenRecord(payload: empty, info: TokenInfo(bits: 0)))
      // Slot 0 is handed out first.
      unsafe (freeStack + index).initialize(to: UInt16(Int(slots) - 1 - index))
      unsafe (finished + index).initialize(to: 0)
    }
  }

  /// The slot on top of the free stack, which holds `free` numbers.
  @inlinable @inline(__always)
  public func freeSlot(_ free: UInt32) -> Slot {
    precondition(free &- 1 < slots, "free slots")
    return unsafe Slot(index: UInt32(freeStack[Int(free &- 1)]))
  }

  /// Puts a slot on the free stack, which holds `free` numbers so far.
  @inlinable @inline(__always)
  public func giveBack(_ slot: Slot, _ free: UInt32) {
    precondition(free < slots, "free slots")
    unsafe freeStack[Int(free)] = UInt16(truncatingIfNeeded: slot.index)
  }

  /// The slot with this number, if there is one.
  @inlinable @inline(__always)
  public func slot(numbered number: UInt32) -> Slot? { number < slots ? Slot(index: number) : nil }

  /// What is known about a slot.
  @inlinable @inline(__always)
  public func info(_ slot: Slot) -> TokenInfo { unsafe records[Int(slot.index)].info }

  /// Changes what is known about a slot; the payload stays parked.
  @inlinable @inline(__always)
  public func setInfo(_ info: TokenInfo, _ slot: Slot) { unsafe records[Int(slot.index)].info = info }

  /// Parks a buffer with its request in a slot that is free.
  @inlinable @inline(__always)
  public func park(_ buffer: consuming DMABuffer, writable: UInt32, tag: UInt16, at slot: Slot) {
    unsafe records[Int(slot.index)] = TokenRecord(
      payload: buffer.unsafeDisown(), info: TokenInfo(writable: writable, tag: tag, kind: .buffer))
  }

  /// Parks a list of segments with its request in a slot that is free.
  public func park(_ segments: consuming SegmentList, writable: UInt32, tag: UInt16, at slot: Slot) {
    unsafe records[Int(slot.index)] = TokenRecord(
      payload: segments.unsafeDisown(), info: TokenInfo(writable: writable, tag: tag, kind: .segments))
  }

  /// Marks a slot that is free as in flight, without a payload.
  public func park(writable: UInt32, tag: UInt16, at slot: Slot) {
    unsafe records[Int(slot.index)] = TokenRecord(
      payload: .none, info: TokenInfo(writable: writable, tag: tag, kind: .none))
  }

  /// Takes the payload of a slot that is in use, and marks the slot as unused.
  @inlinable @inline(__always)
  public func unpark(_ slot: Slot) -> Payload {
    let record = unsafe records[Int(slot.index)]
    unsafe records[Int(slot.index)].info = TokenInfo(bits: 0)
    return unsafe Payload(owning: record.payload, kind: record.info.kind)
  }

  /// Remembers a finished slot at `position`, counted without end.
  public func pushFinished(_ slot: Slot, at position: UInt32) {
    unsafe finished[Int(position % slots)] = UInt16(truncatingIfNeeded: slot.index)
  }

  /// The finished slot at `position`.
  public func finishedSlot(at position: UInt32) -> Slot {
    unsafe Slot(index: UInt32(finished[Int(position % slots)]))
  }
}
