internal import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// Prepares the queue for a device that knows nothing of it: after a reset, or behind a connection that was made anew.
  ///
  /// What the old device had finished is kept for `complete`. The rings begin at zero again, and nothing is available in
  /// them until `resume`. To be called when the device has let go of the queue (`deviceWasReset`).
  ///
  /// - Returns: what the device is to be told before DRIVER_OK.
  package mutating func prepareRestart() -> (size: UInt16, areas: QueueAreas) {
    precondition(isDeviceDone, "a restart of a queue that its device still has")
    ring.clear()
    return (UInt16(size), areas)
  }

  /// The device was told where the queue is, and then did not come up: it keeps the queue's memory until its next reset.
  /// What was in flight is not in the rings.
  package mutating func restartFailed() { isShown = true }

  /// Makes everything that the old device had not finished available to the new one, and publishes it. The new device is
  /// live. Tokens stay as they are, and each request completes once.
  ///
  /// Requests in flight have no order among them, and get none here.
  ///
  /// - Returns: how many requests there are to do again.
  package mutating func resume() -> Int {
    precondition(isDeviceDone, "only a queue that was prepared for its restart resumes")
    (isShown, isDeviceDone) = (true, false)
    // The reset that let go of it is of the past.
    made = Moment.next()
    unfinishedFrom = 0
    failure = nil
    (next, published, lastUsed, seenUsed) = (0, 0, 0, 0)
    free = .none
    let stride = memory.slotLayout.stride
    for number in (0..<capacity).reversed() {
      guard let slot = tokens.slot(at: UInt32(number * stride)) else { continue }
      let info = tokens.info(slot)
      if info.isInFlight {
        // The old device may have written a status and have gone before it said so.
        _ = ring.takeStatus(of: slot, tokens)
        ring.setAvailable(next, slot)
        next &+= 1
      } else if !info.isUsed {
        ring.relink(slot, tokens)
        tokens.giveBack(slot, &free)
      }
    }
    abandoned = 0
    let count = Int(next)
    if !usesEventIndex { ring.setAvailableFlags(1) }
    publish()
    return count
  }
}
