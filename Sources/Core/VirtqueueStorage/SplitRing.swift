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
@usableFromInline
package struct SplitRing<Access: SharedAccess>: Sendable {
  @usableFromInline let access: Access
  @usableFromInline let descriptors: UInt
  @usableFromInline let available: UInt
  @usableFromInline let used: UInt
  @usableFromInline let mask: UInt32
  @usableFromInline let headerByteCount: UInt32
  @usableFromInline let statusByteCount: UInt32
  @usableFromInline let statusOffset: UInt32
  @usableFromInline let blocks: UInt
  @usableFromInline let blocksDevice: UInt64
  @usableFromInline let stride: UInt32
  @usableFromInline let blockByteCount: UInt32
  @usableFromInline let tableOffset: UInt32
  @usableFromInline let isIndirect: Bool

  /// A view of a queue's memory, which it brings into its first state: rings zeroed, each slot's chain linked.
  @usableFromInline package init(_ memory: borrowing QueueMemory, tokens: TokenTable, access: Access) {
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
    stride = UInt32(slot.stride)
    blockByteCount = UInt32(slot.blockByteCount)
    headerByteCount = UInt32(slot.headerByteCount)
    statusByteCount = UInt32(slot.statusByteCount)
    statusOffset = UInt32(slot.statusOffset)
    tableOffset = UInt32(slot.tableOffset)
    isIndirect = slot.isIndirect
    for offset in Swift.stride(from: UInt(0), to: UInt(ring.byteCount), by: 2) {
      unsafe access.store16(0, base + offset)
    }
    for number in 0..<UInt32(memory.slots) {
      let slot = Slot(head: number * stride)
      link(slot, tokens, segments: 1)
      _ = takeStatus(of: slot, tokens)
    }
  }

  // MARK: Chains

  /// Links the chain of a slot that is free again for one data segment, as a free slot always is.
  @inlinable @inline(never)
  package func relink(_ slot: Slot, _ tokens: TokenTable) {
    if tokens.link(slot).segments != 1 { link(slot, tokens, segments: 1) }
  }

  /// Links a slot's chain for so many data segments: everything but the data descriptors themselves.
  @inlinable @inline(never)
  func link(_ slot: Slot, _ tokens: TokenTable, segments: UInt32) {
    let blockOffset = UInt64(slot.head / stride) * UInt64(blockByteCount)
    let block = blocks &+ UInt(blockOffset)
    let blockDevice = blocksDevice &+ blockOffset
    // Indices in `next` count from the start of the ring, or of the table.
    let base = isIndirect ? 0 : slot.head
    let chain = isIndirect ? block &+ UInt(tableOffset) : descriptors &+ UInt(slot.head) &* 16
    var position: UInt32 = 0
    if headerByteCount != 0 {
      let isLast = segments == 0 && statusByteCount == 0
      store(Descriptor(blockDevice, headerByteCount, isLast ? .none : .next), next: base &+ 1, at: chain)
      position = 1
    }
    let data = chain &+ UInt(position) &* 16
    let hasStatus = statusByteCount != 0
    let rest = Descriptor(0, 0, hasStatus ? .next : .none).rest(next: base &+ position &+ 1)
    position &+= segments
    if hasStatus {
      store(
        Descriptor(blockDevice &+ UInt64(statusOffset), statusByteCount, .write), next: 0,
        at: chain &+ UInt(position) &* 16)
      position &+= 1
    }
    if isIndirect {
      let table = Descriptor(blockDevice &+ UInt64(tableOffset), position &* 16, .indirect)
      store(table, next: 0, at: descriptors &+ UInt(slot.head) &* 16)
    }
    tokens.setLink(ChainLink(descriptor: data, rest: rest, block: block, segments: segments), slot)
  }

  @inlinable
  func store(_ descriptor: Descriptor, next: UInt32, at address: UInt) {
    unsafe access.store64(descriptor.address, address)
    unsafe access.store64(descriptor.rest(next: next), address &+ 8)
  }

  /// Writes the chain of a request with one data buffer: one descriptor, in two stores. A free slot is always linked for
  /// one segment.
  @inlinable @inline(__always)
  package func writeChain(_ slot: Slot, _ tokens: TokenTable, buffer: borrowing DMABuffer, deviceWrites: Bool) {
    let link = tokens.link(slot)
    let write: UInt64 = deviceWrites ? 2 &<< 32 : 0
    unsafe access.store64(buffer.deviceAddress.rawValue, link.descriptor)
    unsafe access.store64(UInt64(UInt32(truncatingIfNeeded: buffer.count)) | link.rest | write, link.descriptor &+ 8)
  }

  /// Writes the chain of a request with a part of a buffer that the device reads; the part lies inside the buffer.
  @inlinable @inline(__always)
  package func writeChain(
    _ slot: Slot, _ tokens: TokenTable, buffer: borrowing DMABuffer, from offset: UInt32, byteCount: UInt32
  ) {
    let link = tokens.link(slot)
    unsafe access.store64(buffer.deviceAddress.rawValue &+ UInt64(offset), link.descriptor)
    unsafe access.store64(UInt64(byteCount) | link.rest, link.descriptor &+ 8)
  }

  /// Writes the chain of a request with a list of segments, no more than the slot's layout has room for.
  @usableFromInline package func writeChain(
    _ slot: Slot, _ tokens: TokenTable, segments: borrowing SegmentList, deviceWrites: Bool
  ) {
    if tokens.link(slot).segments != UInt32(segments.count) {
      link(slot, tokens, segments: UInt32(segments.count))
    }
    let link = tokens.link(slot)
    let base = (isIndirect ? 0 : slot.head) &+ (headerByteCount != 0 ? 1 : 0)
    for index in 0..<segments.count {
      let hasNext = statusByteCount != 0 || index + 1 < segments.count
      let flags: Descriptor.Flags = deviceWrites ? .write : .none
      let raw = unsafe segments.unsafeSegment(at: index)
      store(
        Descriptor(raw.deviceAddress, raw.byteCount, hasNext ? flags.with(.next) : flags),
        next: base &+ UInt32(index) &+ 1, at: link.descriptor &+ UInt(index) &* 16)
    }
  }

  /// Writes the chain of a request without data: header and status.
  @usableFromInline package func writeChain(_ slot: Slot, _ tokens: TokenTable) {
    if tokens.link(slot).segments != 0 { link(slot, tokens, segments: 0) }
  }

  /// The header of a slot that is not in flight, to be filled in.
  @inlinable @inline(__always)
  package func header(of slot: Slot, _ tokens: TokenTable) -> SlotHeader<Access> {
    SlotHeader(access: access, address: tokens.link(slot).block, byteCount: headerByteCount)
  }

  /// The first status byte of a slot that the device has finished, read once, and set back to 0xff: no status of any
  /// device, so that one which is left unwritten next time shows. 0 when the layout has no status.
  @inlinable @inline(__always)
  package func takeStatus(of slot: Slot, _ tokens: TokenTable) -> UInt8 {
    if statusByteCount == 0 { return 0 }
    let address = tokens.link(slot).block &+ UInt(statusOffset)
    let status = unsafe access.load8(address)
    unsafe access.store8(0xff, address)
    return status
  }

  /// Brings both rings into their first state: for a device that begins anew, and while none has the queue. Chains stay.
  @usableFromInline package func clear() {
    let entries = UInt(mask) &+ 1
    for offset in Swift.stride(from: UInt(0), to: 6 &+ 2 &* entries, by: 2) {
      unsafe access.store16(0, available &+ offset)
    }
    for offset in Swift.stride(from: UInt(0), to: 6 &+ 8 &* entries, by: 2) {
      unsafe access.store16(0, used &+ offset)
    }
  }

  // MARK: Available ring, written by the driver

  /// Puts a chain into the available ring at `position`, counted without end. Not visible before `publish`.
  @inlinable @inline(__always)
  package func setAvailable(_ position: UInt32, _ slot: Slot) {
    unsafe access.store16(
      UInt16(truncatingIfNeeded: slot.head), available &+ 4 &+ UInt(position & mask) &* 2)
  }

  /// Makes everything up to `position` visible, after all that was written before.
  @inlinable @inline(__always)
  package func publish(_ position: UInt32) {
    unsafe access.storeReleasing16(UInt16(truncatingIfNeeded: position), available &+ 2)
  }

  /// avail.flags: 1 asks the device for no interrupts. Always 0 with EVENT_IDX.
  @inlinable @inline(__always)
  package func setAvailableFlags(_ flags: UInt16) { unsafe access.store16(flags, available) }

  /// used_event: the position whose use the driver wants to hear of.
  @inlinable @inline(__always)
  package func setUsedEvent(_ position: UInt32) {
    unsafe access.store16(UInt16(truncatingIfNeeded: position), available &+ 4 &+ (UInt(mask) &+ 1) &* 2)
  }

  /// Orders what the driver stored before what it loads next.
  @inlinable @inline(__always)
  package func fence() { access.fence() }

  // MARK: Used ring, written by the device

  /// used.idx; nothing is read before it.
  @inlinable @inline(__always)
  package func usedIndex() -> UInt16 { unsafe access.loadAcquiring16(used &+ 2) }

  /// used.flags: 1 means that the device wants no notifications.
  @inlinable @inline(__always)
  package func usedFlags() -> UInt16 { unsafe access.load16(used) }

  /// avail_event: the position whose publication the device wants to hear of.
  @inlinable @inline(__always)
  package func availableEvent() -> UInt16 { unsafe access.load16(used &+ 4 &+ (UInt(mask) &+ 1) &* 8) }

  /// The driver's own flags, to look at.
  package func availableFlags() -> UInt16 { unsafe access.load16(available) }

  /// The driver's own used_event, to look at.
  package func usedEvent() -> UInt16 { unsafe access.load16(available &+ 4 &+ (UInt(mask) &+ 1) &* 2) }

  /// The element at `position` of the used ring, each half read once.
  @inlinable @inline(__always)
  package func usedElement(_ position: UInt32) -> (id: UInt32, length: UInt32) {
    let element = used &+ 4 &+ UInt(position & mask) &* 8
    return unsafe (access.load32(element), access.load32(element &+ 4))
  }
}
