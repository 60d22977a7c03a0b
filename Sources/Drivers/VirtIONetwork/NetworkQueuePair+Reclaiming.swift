internal import DevicePlatform
public import VirtIO

extension NetworkQueuePair where T: ~Copyable {
  /// The next frame that the device is done with; nil when there is none. After a reset also those that it was not done
  /// with.
  @inlinable
  public mutating func reclaim() -> SentFrame? {
    if let completion = transmitQueue.complete() {
      sent.sent &+= 1
      return SentFrame(completion, wasSent: true)
    }
    return reclaimUnsent()
  }

  /// Hands over every frame that the device is done with. After a reset also those that it was not done with.
  ///
  /// - Parameters:
  ///   - limit: the most frames to hand over.
  ///   - sink: gets them one by one.
  /// - Returns: how many there were.
  @inlinable @inline(__always)
  public mutating func reclaimBatch(upTo limit: Int, _ sink: (consuming SentFrame) -> Void) -> Int {
    let count = transmitQueue.completeBatch(upTo: limit) { sink(SentFrame($0, wasSent: true)) }
    sent.sent &+= UInt64(truncatingIfNeeded: count)
    if count != 0 || limit <= 0 { return count }
    return reclaimRest(upTo: limit, sink)
  }

  @inlinable @inline(never)
  mutating func reclaimRest(upTo limit: Int, _ sink: (consuming SentFrame) -> Void) -> Int {
    var count = 0
    while count < limit, let frame = reclaimUnsent() {
      sink(frame)
      count += 1
    }
    return count
  }

  /// A frame that the device kept until its reset; one that it had finished just before, first.
  @inlinable @inline(never)
  mutating func reclaimUnsent() -> SentFrame? {
    noticeState()
    guard transmitQueue.isReset else { return nil }
    if let completion = transmitQueue.complete() {
      sent.sent += 1
      return SentFrame(completion, wasSent: true)
    }
    guard let completion = transmitQueue.takeUnfinished() else { return nil }
    sent.returned += 1
    return SentFrame(completion, wasSent: false)
  }

  /// Asks for an interrupt when the device is done with a frame; true if it is already.
  public mutating func armTransmit() -> Bool { transmitQueue.arm() }
  /// Asks for one interrupt when the device is done with `count` more frames, as `Virtqueue.arm(after:)` does.
  public mutating func armTransmit(after count: Int) -> Bool { transmitQueue.arm(after: count) }
  /// Asks for no interrupts for frames that were sent, as at the beginning.
  public mutating func disarmTransmit() { transmitQueue.disarm() }
}
