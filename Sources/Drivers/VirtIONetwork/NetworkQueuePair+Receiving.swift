public import DevicePlatform
public import VirtIO

extension NetworkQueuePair where T: ~Copyable {
  /// The next frame that came in; nil when there is none.
  @inlinable
  public mutating func receive() -> ReceivedFrame? {
    var result: ReceivedFrame?
    // What is dropped on the way is passed over. Its buffers are not given back before the end, so a device has no more
    // of them than the queue holds.
    for _ in 0..<receiveQueue.capacity {
      let (frames, buffers) = Self.drain(&receiveQueue, &assembly, layout, 1) { result = consume $0 }
      if frames == 0, buffers != 0 { continue }
      if frames == 0 || assembly.idle.count != 0 { afterReceiving() }
      return result
    }
    afterReceiving()
    return nil
  }

  /// Hands over frames that came in. Each owns its buffers: give them back, or others, before the device runs out.
  ///
  /// - Parameters:
  ///   - limit: the most buffers to look at. A frame that has begun is completed, and a dropped one is counted, so the
  ///     number of frames may be lower, never higher.
  ///   - sink: gets them one by one.
  /// - Returns: how many frames there were.
  @inlinable @inline(__always)
  public mutating func receiveBatch(upTo limit: Int, _ sink: (consuming ReceivedFrame) -> Void) -> Int {
    let (frames, buffers) = Self.drain(&receiveQueue, &assembly, layout, limit, sink)
    if buffers == 0 || assembly.idle.count != 0 { afterReceiving() }
    return frames
  }

  // A function of the parts, not of the pair: the closure changes one while the other is in use.
  @inlinable @inline(__always)
  static func drain(
    _ queue: inout Virtqueue<T>, _ assembly: inout FrameAssembly, _ layout: FrameLayout, _ limit: Int,
    _ sink: (consuming ReceivedFrame) -> Void
  ) -> (frames: Int, buffers: Int) {
    let header = layout.headerByteCount
    let shortest = header &+ FrameLayout.ethernetHeaderByteCount
    let merges = layout.mergesBuffers
    var ordinary: UInt64 = 0
    var extraordinary = 0
    var bytes = 0
    var buffers = 0
    var left = limit
    while true {
      let count = queue.completeBatch(upTo: left) { completion in
        // Never more than the buffer has: the queue sees to that.
        let written = Int(completion.written)
        let buffer = completion.takeBuffer()
        if assembly.missing == 0, written >= shortest, buffer.load16(at: 0) == 0,
          !merges || buffer.load16(at: 10) == 1
        {
          ordinary &+= 1
          bytes &+= written &- header
          sink(ReceivedFrame(buffer, offset: header, byteCount: written &- header))
        } else if let frame = assembly.take(buffer, written: written) {
          extraordinary &+= 1
          bytes &+= frame.byteCount
          sink(frame)
        }
      }
      buffers &+= count
      if assembly.missing == 0 { break }
      if count < left {
        // All buffers of a frame are used together: more will not come.
        // SPEC: devicenormative:Device Types / Network Device / Device Operation / Processing of Incoming Packets
        assembly.dropIncomplete()
        break
      }
      left = Int(truncatingIfNeeded: assembly.missing)
    }
    let frames = Int(truncatingIfNeeded: ordinary) &+ extraordinary
    assembly.counters.frames &+= UInt64(truncatingIfNeeded: frames)
    assembly.counters.bytes &+= UInt64(truncatingIfNeeded: bytes)
    assembly.counters.buffersDelivered &+= ordinary
    return (frames, buffers)
  }

  /// Gives buffers of dropped frames to the device again, and looks what is wrong if nothing came.
  @inlinable @inline(never)
  mutating func afterReceiving() {
    noticeState()
    giveIdle()
    receiveQueue.publish()
  }

  /// Asks for an interrupt when the next frame comes in; true if one has already.
  public mutating func armReceive() -> Bool { receiveQueue.arm() }
  /// Asks for one interrupt when `count` buffers have been filled, as `Virtqueue.arm(after:)` does.
  public mutating func armReceive(after count: Int) -> Bool { receiveQueue.arm(after: count) }
  /// Asks for no interrupts for frames that come in, as at the beginning.
  public mutating func disarmReceive() { receiveQueue.disarm() }
}
