public import DevicePlatform

/// What a pair keeps beside its receive queue: frames that take more than a look, buffers of dropped frames, and counts.
@frozen
@usableFromInline
struct FrameAssembly: ~Copyable, Sendable {
  /// Buffers that still belong to the frame that is being put together.
  @usableFromInline var missing: UInt32 = 0
  /// The frame so far, of no more buffers than this list has room for.
  private var list: SegmentList
  private var written = 0
  private var head: UInt64 = 0
  private var checksumOffset: UInt16 = 0
  private var hasGap = false
  private var isTooLong = false

  /// Buffers of dropped frames, to be given to the device again. Twice the queue's number: as many as `keep` takes, and
  /// those of one look at the queue.
  @usableFromInline var idle: DMABufferStack
  private let capacity: Int
  /// Lists for frames of several buffers. All are made at the beginning; the caller gives them back with the frames.
  private var lists: SegmentListStack
  @usableFromInline var counters = ReceiveCounters()
  let layout: FrameLayout

  /// - Parameters:
  ///   - capacity: how many buffers the queue takes.
  ///   - buffersPerFrame: how many buffers a frame may fill.
  init(capacity: Int, layout: FrameLayout, buffersPerFrame: Int) {
    self.capacity = capacity
    self.layout = layout
    idle = DMABufferStack(capacity: 2 * capacity)
    list = SegmentList(capacity: buffersPerFrame)
    let count = layout.mergesBuffers ? max(1, capacity / 2) : 0
    lists = SegmentListStack(capacity: count)
    for _ in 0..<count { lists.push(SegmentList(capacity: buffersPerFrame)) }
  }

  /// Judges a buffer that is not a whole, ordinary frame.
  ///
  /// - Parameter count: bytes that the device wrote, never more than the buffer has.
  /// - Returns: the frame that is complete with it.
  @usableFromInline @inline(never)
  mutating func take(_ buffer: consuming DMABuffer, written count: Int) -> ReceivedFrame? {
    if missing != 0 { return proceed(buffer, count) }
    guard count >= layout.headerByteCount else {
      counters.drops.withoutHeader += 1
      drop(buffer)
      return nil
    }
    // Read once; whatever the device does to its header from now on has no effect.
    head = buffer.load64(at: 0)
    checksumOffset = buffer.load16(at: 8)
    let buffers = layout.mergesBuffers ? buffer.load16(at: 10) : 1
    guard buffers != 0 else {
      counters.drops.missingBuffers += 1
      drop(buffer)
      return nil
    }
    if buffers == 1 { return finish(buffer, count) }
    missing = UInt32(buffers) - 1
    written = count
    // Of the first buffer, too, nothing is left out.
    hasGap = count != buffer.count
    isTooLong = false
    list.appendInPlace(buffer)
    return nil
  }

  /// A further buffer of a frame.
  private mutating func proceed(_ buffer: consuming DMABuffer, _ count: Int) -> ReceivedFrame? {
    missing -= 1
    // The device fills every buffer but the last.
    // SPEC: devicenormative:Device Types / Network Device / Device Operation / Processing of Incoming Packets
    if count == 0 || missing != 0 && count != buffer.count { hasGap = true }
    if list.room == 0 {
      isTooLong = true
      drop(buffer)
    } else {
      written += count
      list.appendInPlace(buffer)
    }
    return missing == 0 ? finishList() : nil
  }

  /// The device has announced more buffers than it used: what there is of the frame is dropped.
  @usableFromInline @inline(never)
  mutating func dropIncomplete() {
    missing = 0
    counters.drops.missingBuffers += 1
    dropList()
  }

  private mutating func finish(_ buffer: consuming DMABuffer, _ count: Int) -> ReceivedFrame? {
    let byteCount = count - layout.headerByteCount
    guard isAcceptable(byteCount) else {
      drop(buffer)
      return nil
    }
    counters.buffersDelivered += 1
    return ReceivedFrame(
      buffer, offset: layout.headerByteCount, byteCount: byteCount, head: head, checksumOffset: checksumOffset)
  }

  private mutating func finishList() -> ReceivedFrame? {
    if isTooLong {
      counters.drops.tooLong += 1
    } else if hasGap {
      counters.drops.gaps += 1
    } else if isAcceptable(written - layout.headerByteCount) {
      if var frame = lists.pop() {
        swap(&frame, &list)
        counters.buffersDelivered += UInt64(frame.count)
        return ReceivedFrame(
          frame, offset: layout.headerByteCount, byteCount: written - layout.headerByteCount, head: head,
          checksumOffset: checksumOffset)
      }
      counters.drops.withoutList += 1
    }
    dropList()
    return nil
  }

  /// Judges length and header, counts what is wrong, and leaves in `head` only what the caller may know.
  private mutating func isAcceptable(_ byteCount: Int) -> Bool {
    guard byteCount >= FrameLayout.ethernetHeaderByteCount else {
      counters.drops.short += 1
      return false
    }
    let flags = UInt8(truncatingIfNeeded: head)
    // Merged packets, tunnels and their marks were never agreed on; their frames are not what they seem.
    // SPEC: drivernormative:Device Types / Network Device / Device Operation / Processing of Incoming Packets
    let isPartial = flags & FrameHeader.needsChecksum != 0
    let isStrange = isPartial && flags & (FrameHeader.coalescingInfo | FrameHeader.tunnelChecksum) != 0
    guard UInt8(truncatingIfNeeded: head &>> 8) == 0, !isStrange else {
      counters.drops.notAgreed += 1
      return false
    }
    // Without the feature the flags mean nothing, and the frame is as complete as any. Other flags are ignored.
    guard layout.hasReceiveChecksum, isPartial else {
      head = layout.hasReceiveChecksum ? UInt64(flags & FrameHeader.dataValid) : 0
      return true
    }
    let partial = PartialChecksum(start: UInt16(truncatingIfNeeded: head &>> 48), offset: checksumOffset)
    guard partial.fits(frameByteCount: byteCount) else {
      counters.drops.checksumOutside += 1
      return false
    }
    head = FrameHeader.head(partial) | UInt64(flags & FrameHeader.dataValid)
    return true
  }

  // There is room: see `idle`.
  private mutating func drop(_ buffer: consuming DMABuffer) {
    counters.buffersDropped += 1
    idle.push(buffer)
  }

  private mutating func dropList() { while let buffer = list.popLast() { drop(buffer) } }

  /// Keeps a buffer of the caller's to be given to the device again; drops it when there are more than the queue takes.
  mutating func keep(_ buffer: consuming DMABuffer) {
    if idle.count < capacity { idle.push(buffer) }
  }

  /// Keeps a frame's buffers and its list; drops the list if there are as many as were made.
  mutating func recycle(_ list: consuming SegmentList) {
    var list = list
    while let buffer = list.popLast() { keep(buffer) }
    if lists.count < lists.capacity { lists.push(list) }
  }

  /// What the queue did not take stays here: there was room a moment ago.
  @usableFromInline @inline(never)
  mutating func putBack(_ buffer: consuming DMABuffer) { idle.push(buffer) }
}
