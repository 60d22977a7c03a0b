public import DevicePlatform
public import VirtIO

extension EntropySource where T: ~Copyable {
  /// Asks for random bytes: as many as fit into `buffer`, or fewer.
  public mutating func start(into buffer: consuming DMABuffer) -> Submission<DMABuffer> {
    queue.submit(buffer, deviceWrites: true)
  }

  /// Shows the device everything that was started; at most one notification.
  public mutating func publish() { queue.publish() }

  /// The next buffer that came back; nil when there is none. Never waits.
  ///
  /// When the device breaks the rules it is marked as failed and reset; buffers that it still had come back without
  /// random bytes.
  public mutating func complete() -> EntropyCompletion? {
    while let completion = queue.complete() {
      // A chunk that came too late for `fill` is nobody's.
      if completion.tag == Self.chunkTag { continue }
      // The driver must look at the length: a source may give less than was asked for.
      return EntropyCompletion(
        token: completion.token, byteCount: Int(completion.written), completion: completion)
    }
    if queue.fault == nil, !queue.isReset { return nil }
    failDevice()
    while let completion = queue.takeUnfinished() {
      if completion.tag == Self.chunkTag { continue }
      return EntropyCompletion(token: completion.token, byteCount: 0, completion: completion)
    }
    return nil
  }

  /// Asks for an interrupt when the next request finishes; true if one has finished already.
  public mutating func arm() -> Bool { queue.arm() }

  /// Asks for one interrupt when `count` requests have finished that were not handed over yet, as
  /// `Virtqueue.arm(after:)` does; true if it may not come.
  public mutating func arm(after count: Int) -> Bool { queue.arm(after: count) }

  /// Asks for no interrupts.
  public mutating func disarm() { queue.disarm() }

  /// Resets the device and ends its use. Buffers that it still had come from `complete`, without random bytes.
  public mutating func shutDown<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) {
    queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: timeout))
  }

  /// The bus says that the device is no longer there, as when its slot is empty or without power: it writes no memory any
  /// more. Buffers that it still had come from `complete`, without random bytes.
  ///
  /// Only the bus can say so. A device whose registers merely read as ones may still write.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) { queue.deviceWasRemoved(removal) }

  /// The rules were broken: FAILED, then a reset, so that the device lets go of all buffers.
  mutating func failDevice() {
    if isFailed || queue.isReset { return }
    isFailed = true
    transport.addStatus(.failed)
    if let reset = transport.reset(attempts: 1_000_000) { queue.deviceWasReset(reset) }
  }
}
