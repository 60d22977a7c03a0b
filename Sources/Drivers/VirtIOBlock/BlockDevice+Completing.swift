public import DevicePlatform
public import VirtIO

extension BlockDevice where T: ~Copyable {
  /// The next request that is over; nil when there is none.
  ///
  /// When the device breaks the rules it is marked as failed and reset; every request that it did not finish then comes
  /// back as `.aborted`.
  @inlinable
  public mutating func complete() -> BlockCompletion? {
    guard let completion = queue.complete() else { return completeUnused() }
    // The requests of `flush` and `identifier` have marks of their own: one that came too late for them is nobody's.
    if BlockRequest.isOwnTag(completion.tag) { return completeAfterLate(completion) }
    return Self.judge(completion, isLegacy: transport.isLegacy)
  }

  // Two ways beside the data path, which is held to neither allocate nor count references: `vireo check calls` knows them
  // by their names.

  /// Gives back the memory of a request that nobody waits for any longer, once for each that timed out, and goes on with
  /// the next.
  @inlinable @inline(never)
  mutating func completeAfterLate(_ late: consuming Completion) -> BlockCompletion? {
    _ = consume late
    while let completion = queue.complete() {
      if BlockRequest.isOwnTag(completion.tag) { continue }
      return Self.judge(completion, isLegacy: transport.isLegacy)
    }
    return completeUnused()
  }

  /// Nothing was used: there is nothing, or what a failure or a reset has left.
  @inlinable @inline(__always)
  mutating func completeUnused() -> BlockCompletion? {
    queue.fault == nil && !queue.isReset ? nil : completeAfterFailure()
  }

  /// What is left after a reset.
  @inlinable @inline(never)
  mutating func completeAfterFailure() -> BlockCompletion? {
    failDevice()
    while let completion = queue.takeUnfinished() {
      if BlockRequest.isOwnTag(completion.tag) { continue }
      return BlockCompletion(result: .aborted, completion: completion)
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

  /// Resets the device and ends its use. Requests that it did not finish come from `complete` as `.aborted`.
  ///
  /// - Throws: `.resetTimedOut` or `.deviceAbsent`; then those requests' buffers are lost when the value is dropped, but
  ///   see `deviceWasRemoved`.
  public mutating func shutDown<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) {
    queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: timeout))
  }

  /// The bus says that the device is no longer there, as when its slot is empty or without power: it writes no memory any
  /// more. Requests that it did not finish come from `complete` as `.aborted`.
  ///
  /// Only the bus can say so. A device whose registers merely read as ones may still write.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) { queue.deviceWasRemoved(removal) }

  @inlinable @inline(__always)
  static func judge(_ completion: consuming Completion, isLegacy: Bool) -> BlockCompletion {
    var result = BlockResult(status: completion.status)
    let isRead = completion.tag == BlockRequest.read.rawValue
    if case .done = result, !isLegacy, isRead, completion.written < completion.dataByteCount {
      // Bytes that the device did not write are not data. Legacy devices are known to count wrongly.
      // SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / The Virtqueue Used Ring
      result = .incomplete(written: completion.written, expected: completion.dataByteCount)
    }
    return BlockCompletion(result: result, completion: completion)
  }

  /// The rules were broken: FAILED, then a reset, so that the device lets go of all buffers.
  @inlinable @inline(never)
  mutating func failDevice() {
    if isFailed || queue.isReset { return }
    isFailed = true
    transport.addStatus(.failed)
    if let reset = transport.reset(attempts: 1_000_000) { queue.deviceWasReset(reset) }
  }
}
