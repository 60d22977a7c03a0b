public import DevicePlatform

/// What a pair keeps beside its receive queue: frames that take more than a look, buffers of dropped frames, and counts.
@frozen
@usableFromInline
struct FrameAssembly: ~Copyable, Sendable {
  /// Buffers that still belong to the frame that is being put together.
  @usableFromInline var missing: UInt32 = 0
  /// The frame so far; its buffers are dropped when it is found to be wrong.
  private var list: SegmentList?
  private var written = 0
  private var head: UInt64 = 0
  private var checksumOffset: UInt16 = 0
  private var isBroken = false

  /// Buffers of dropped frames, to be given to the device again.
  @usableFromInline var idle: DMABufferStack
  /// Lists for frames of several buffers, given back by the caller.
  var lists: SegmentListStack
  @usableFromInline var counters = ReceiveCounters()
  let layout: FrameLayout

  init(capacity: Int, layout: FrameLayout) {
    idle = DMABufferStack(capacity: capacity)
    lists = SegmentListStack(capacity: layout.mergesBuffers ? capacity : 0)
    self.layout = layout
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
    isBroken = count != buffer.count
    var fresh = lists.pop() ?? SegmentList(capacity: min(Int(buffers), 32))
    fresh.append(buffer)
    list = consume fresh
    return nil
  }

  /// A further buffer of a frame.
  private mutating func proceed(_ buffer: consuming DMABuffer, _ count: Int) -> ReceivedFrame? {
    missing -= 1
    // The device fills every buffer but the last.
    // SPEC: devicenormative:Device Types / Network Device / Device Operation / Processing of Incoming Packets
    if count == 0 || missing != 0 && count != buffer.count { isBroken = true }
    written += count
    guard var list = list.take() else { return nil }
    list.append(buffer)
    if missing != 0 {
      self.list = consume list
      return nil
    }
    if isBroken {
      counters.drops.gaps += 1
      drop(list)
      return nil
    }
    return finish(list)
  }

  /// The device has announced more buffers than it used: what there is of the frame is dropped.
  @usableFromInline @inline(never)
  mutating func dropIncomplete() {
    missing = 0
    counters.drops.missingBuffers += 1
    if let list = list.take() { drop(list) }
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

  private mutating func finish(_ list: consuming SegmentList) -> ReceivedFrame? {
    let byteCount = written - layout.headerByteCount
    guard isAcceptable(byteCount) else {
      drop(list)
      return nil
    }
    counters.buffersDelivered += UInt64(list.count)
    return ReceivedFrame(
      list, offset: layout.headerByteCount, byteCount: byteCount, head: head, checksumOffset: checksumOffset)
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

  private mutating func drop(_ buffer: consuming DMABuffer) {
    counters.buffersDropped += 1
    keep(buffer)
  }

  private mutating func drop(_ list: consuming SegmentList) {
    counters.buffersDropped += UInt64(list.count)
    recycle(list)
  }

  /// Keeps a buffer to be given to the device again; drops it when there are more than the queue could ever take.
  mutating func keep(_ buffer: consuming DMABuffer) {
    if idle.count < idle.capacity { idle.push(buffer) }
  }

  /// Keeps a frame's buffers and its list.
  mutating func recycle(_ list: consuming SegmentList) {
    var list = list
    while let buffer = list.popLast() { keep(buffer) }
    lists.push(list)
  }
}
