public import DevicePlatform

/// The fenced memory of a split virtqueue: every access that the driver makes to descriptors, rings and slot blocks is
/// a method here and goes through the seam `access`.
///
/// A plain view of addresses that `QueueMemory` owns, so that a batch can keep it in registers. What the device can
/// write (used ring, event index, status) is read once per call, and judged by the caller.
///
/// SPEC: Basic Facilities of a Virtio Device / Split Virtqueues
@frozen
@safe
public struct SplitRing<Access: SharedAccess> {
  @usableFromInline let access: Access
  @usableFromInline let descriptors: UInt
  @usableFromInline let available: UInt
  @usableFromInline let used: UInt
  @usableFromInline let blocks: UInt
  @usableFromInline let blocksDevice: UInt64
  @usableFromInline let mask: UInt32
  @usableFromInline let slots: UInt32
  @usableFromInline let stride: UInt32
  @usableFromInline let blockByteCount: UInt32
  /// 2^32 / stride, rounded up: one multiplication finds the slot that a descriptor belongs to.
  @usableFromInline let reciprocal: UInt64
  @usableFromInline let headerByteCount: UInt32
  @usableFromInline let statusByteCount: UInt32
  @usableFromInline let statusOffset: UInt32
  @usableFromInline let tableOffset: UInt32
  @usableFromInline let isIndirect: Bool

  /// A view of a queue's memory, which it brings into its first state: rings zeroed, each slot's chain linked.
  public init(_ memory: borrowing QueueMemory, access: Access) {
    let ring = memory.ringLayout
    let slot = memory.slotLayout
    self.access = access
    let base = unsafe memory.ring.unsafeAddress
    descriptors = base + UInt(ring.descriptorOffset)
    available = base + UInt(ring.driverAreaOffset)
    used = base + UInt(ring.deviceAreaOffset)
    blocks = unsafe memory.blocks.unsafeAddress
    blocksDevice = memory.blocks.deviceAddress.rawValue
    mask = UInt32(ring.size - 1)
    slots = UInt32(memory.slots)
    stride = UInt32(slot.stride)
    blockByteCount = UInt32(slot.blockByteCount)
    reciprocal = ((1 << 32) + UInt64(slot.stride) - 1) / UInt64(slot.stride)
    headerByteCount = UInt32(slot.headerByteCount)
    statusByteCount = UInt32(slot.statusByteCount)
    statusOffset = UInt32(slot.statusOffset)
    tableOffset = UInt32(slot.tableOffset)
    isIndirect = slot.isIndirect
    for offset in Swift.stride(from: UInt(0), to: UInt(ring.byteCount), by: 2) {
      unsafe access.store16(0, base + offset)
    }
    for number in 0..<slots { linkChain(of: Slot(index: number)) }
  }

  /// What never changes in a slot's chain: where its table is, and its header.
  private func linkChain(of slot: Slot) {
    if isIndirect {
      unsafe access.store64(blockDevice(slot) &+ UInt64(tableOffset), descriptors &+ UInt(slot.index) &* 16)
    }
    if headerByteCount != 0 {
      store(Descriptor(blockDevice(slot), headerByteCount, .next), at: 0, of: slot)
    }
  }

  // MARK: Slots

  /// The index of the descriptor that begins a slot's chain: what the available ring carries.
  @inlinable @inline(__always)
  public func head(of slot: Slot) -> UInt32 { slot.index &* stride }

  /// The slot whose chain begins at the descriptor that the device named; nil when no chain can begin there. Takes any
  /// 32-bit value: for an index of the ring the product is exact, and any other fails the comparison.
  @inlinable @inline(__always)
  public func slot(ofHead id: UInt32) -> Slot? {
    let number = UInt32(truncatingIfNeeded: (UInt64(id) &* reciprocal) &>> 32)
    return number < slots && number &* stride == id ? Slot(index: number) : nil
  }

  @inlinable @inline(__always)
  func block(_ slot: Slot) -> UInt { blocks &+ UInt(slot.index) &* UInt(blockByteCount) }

  @inlinable @inline(__always)
  func blockDevice(_ slot: Slot) -> UInt64 { blocksDevice &+ UInt64(slot.index) &* UInt64(blockByteCount) }

  // MARK: Descriptors

  /// Writes the descriptor at `position` of a slot's chain, in two stores.
  @inlinable @inline(__always)
  func store(_ descriptor: Descriptor, at position: UInt32, of slot: Slot) {
    let base = isIndirect ? 0 : slot.index &* stride
    let chain = isIndirect ? block(slot) &+ UInt(tableOffset) : descriptors &+ UInt(base) &* 16
    let address = chain &+ UInt(position) &* 16
    unsafe access.store64(descriptor.address, address)
    unsafe access.store64(descriptor.rest(next: base &+ position &+ 1), address &+ 8)
  }

  /// Ends a chain whose data took the positions before `position`: adds the status, and for a table tells its length.
  @inlinable @inline(__always)
  func finishChain(_ slot: Slot, at position: UInt32) {
    var length = position
    if statusByteCount != 0 {
      // 0xff is no status of any device: one that is left unwritten shows.
      unsafe access.store8(0xff, block(slot) &+ UInt(statusOffset))
      store(Descriptor(blockDevice(slot) &+ UInt64(statusOffset), statusByteCount, .write), at: position, of: slot)
      length &+= 1
    }
    if isIndirect {
      let table = Descriptor(0, length &* 16, .indirect)
      unsafe access.store64(table.rest(next: 0), descriptors &+ UInt(slot.index) &* 16 &+ 8)
    }
  }

  /// Writes the chain of a request with one data buffer.
  @inlinable @inline(__always)
  public func writeChain(_ slot: Slot, buffer: borrowing DMABuffer, deviceWrites: Bool) {
    let position: UInt32 = headerByteCount != 0 ? 1 : 0
    let flags: Descriptor.Flags = deviceWrites ? .write : .none
    store(
      Descriptor(
        buffer.deviceAddress.rawValue, UInt32(truncatingIfNeeded: buffer.count),
        statusByteCount != 0 ? flags.with(.next) : flags),
      at: position, of: slot)
    finishChain(slot, at: position &+ 1)
  }

  /// Writes the chain of a request with a list of segments, no more than the slot's layout has room for.
  public func writeChain(_ slot: Slot, segments: borrowing SegmentList, deviceWrites: Bool) {
    var position: UInt32 = headerByteCount != 0 ? 1 : 0
    let flags: Descriptor.Flags = deviceWrites ? .write : .none
    for index in 0..<segments.count {
      let hasNext = statusByteCount != 0 || index + 1 < segments.count
      let raw = unsafe segments.unsafeSegment(at: index)
      store(
        Descriptor(raw.deviceAddress, raw.byteCount, hasNext ? flags.with(.next) : flags), at: position, of: slot)
      position &+= 1
    }
    finishChain(slot, at: position)
  }

  /// Writes the chain of a request without data: header and status.
  public func writeChain(_ slot: Slot) { finishChain(slot, at: headerByteCount != 0 ? 1 : 0) }

  /// The header of a slot that is not in flight, to be filled in.
  @inlinable @inline(__always)
  public func header(of slot: Slot) -> SlotHeader<Access> {
    SlotHeader(access: access, address: block(slot), byteCount: headerByteCount)
  }

  /// The first status byte of a slot, read once; 0 when the layout has no status.
  @inlinable @inline(__always)
  public func status(of slot: Slot) -> UInt8 {
    statusByteCount == 0 ? 0 : unsafe access.load8(block(slot) &+ UInt(statusOffset))
  }

  // MARK: Available ring, written by the driver

  /// Puts a chain into the available ring at `position`, counted without end. Not visible before `publish`.
  @inlinable @inline(__always)
  public func setAvailable(_ position: UInt32, _ slot: Slot) {
    unsafe access.store16(
      UInt16(truncatingIfNeeded: head(of: slot)), available &+ 4 &+ UInt(position & mask) &* 2)
  }

  /// Makes everything up to `position` visible, after all that was written before.
  @inlinable @inline(__always)
  public func publish(_ position: UInt32) {
    unsafe access.storeReleasing16(UInt16(truncatingIfNeeded: position), available &+ 2)
  }

  /// avail.flags: 1 asks the device for no interrupts. Always 0 with EVENT_IDX.
  @inlinable @inline(__always)
  public func setAvailableFlags(_ flags: UInt16) { unsafe access.store16(flags, available) }

  /// used_event: the position whose use the driver wants to hear of.
  @inlinable @inline(__always)
  public func setUsedEvent(_ position: UInt32) {
    unsafe access.store16(UInt16(truncatingIfNeeded: position), available &+ 4 &+ (UInt(mask) &+ 1) &* 2)
  }

  /// Orders what the driver stored before what it loads next.
  @inlinable @inline(__always)
  public func fence() { access.fence() }

  // MARK: Used ring, written by the device

  /// used.idx; nothing is read before it.
  @inlinable @inline(__always)
  public func usedIndex() -> UInt16 { unsafe access.loadAcquiring16(used &+ 2) }

  /// used.flags: 1 means that the device wants no notifications.
  @inlinable @inline(__always)
  public func usedFlags() -> UInt16 { unsafe access.load16(used) }

  /// avail_event: the position whose publication the device wants to hear of.
  @inlinable @inline(__always)
  public func availableEvent() -> UInt16 { unsafe access.load16(used &+ 4 &+ (UInt(mask) &+ 1) &* 8) }

  /// The element at `position` of the used ring, each half read once.
  @inlinable @inline(__always)
  public func usedElement(_ position: UInt32) -> (id: UInt32, length: UInt32) {
    let element = used &+ 4 &+ UInt(position & mask) &* 8
    return unsafe (access.load32(element), access.load32(element &+ 4))
  }
}
