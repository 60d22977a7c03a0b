internal import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// Asks for one interrupt when `count` requests have finished that were not handed over yet: one for a whole batch.
  ///
  /// With EVENT_IDX the device stays silent until then; arm before publishing the batch, or trust the answer. Without,
  /// a device cannot be asked for more than an interrupt at the next request that finishes, and this asks for that. An
  /// interrupt may always come early or without a reason.
  ///
  /// Requests that were never submitted do not finish: ask for no more than the device has or is about to get.
  ///
  /// - Parameter count: 1...`capacity`.
  /// - Returns: true if so many have finished already, or all that the device has: look again before sleeping, the
  ///   interrupt may not come.
  ///
  /// SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / Used Buffer Notification Suppression
  public mutating func arm(after count: Int) -> Bool {
    precondition(1...capacity ~= count, "an interrupt after a count of requests that the queue cannot carry")
    let kept = Int(stashTail &- stashHead)
    if fault != nil || isDeviceDone { return kept != 0 }
    let missing = UInt32(max(1, count - kept))
    if usesEventIndex { ring.setUsedEvent(lastUsed &+ missing &- 1) } else { ring.setAvailableFlags(0) }
    // The wish is out before the look; whatever finishes after the look finds it.
    ring.fence()
    let finished = UInt32(ring.usedIndex() &- UInt16(truncatingIfNeeded: lastUsed))
    if kept >= count { return true }
    return finished != 0 && finished >= min(missing, published &- lastUsed)
  }
}
