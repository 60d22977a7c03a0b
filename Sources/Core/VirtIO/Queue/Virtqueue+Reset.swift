public import DevicePlatform
internal import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// The device was reset, and reads so: it has let go of everything. The queue takes nothing more; what was in flight
  /// can be had back with `takeUnfinished`.
  ///
  /// - Parameter reset: a reset of this queue's device, after the queue was made.
  @inlinable
  public mutating func deviceWasReset(_ reset: DeviceReset) {
    precondition(reset.device == device && reset.moment > made, "a reset of another device, or an earlier one")
    deviceIsDone()
  }

  /// The device is no longer there. As after a reset.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) { deviceIsDone() }

  @inlinable
  mutating func deviceIsDone() {
    isShown = false
    if isDeviceDone { return }
    if fault == nil {
      // What it finished before the reset is still in the ring.
      while let slot = finishNext() { keep(slot) }
    }
    isDeviceDone = true
    abandon()
  }

  /// The device was reset; this queue has no more to do with it.
  @inlinable public var isReset: Bool { isDeviceDone }

  /// After a reset of the device: a request that it did not finish, with what it owned. nil when there are no more.
  /// Those that it did finish come from `complete`.
  @inlinable
  public mutating func takeUnfinished() -> Completion? {
    guard isDeviceDone else { return nil }
    while let slot = tokens.slot(at: unfinishedFrom) {
      unfinishedFrom &+= 1
      guard tokens.info(slot).isInFlight else { continue }
      let info = tokens.info(slot)
      abandoned &-= 1
      return Completion(
        token: Token(slot), tag: info.tag, written: 0, status: 0xff, payload: tokens.unpark(slot))
    }
    return nil
  }
}
