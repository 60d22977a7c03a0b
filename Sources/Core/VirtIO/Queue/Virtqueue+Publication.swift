public import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// Shows the device everything that was submitted, and rings the bell if the device asked for it.
  ///
  /// One store, one fence, one load, at most one doorbell, however many requests there are.
  @inlinable @inline(__always)
  public mutating func publish() {
    let old = published
    let new = next
    if old == new { return }
    published = new
    // The device sees the index after the descriptors and ring entries that it covers.
    // SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / Supplying Buffers to The Device / Updating idx
    ring.publish(new)
    // And the index is out before the device's wish is read: else both sides could go to sleep.
    // SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / Supplying Buffers to The Device / Notifying The Device
    ring.fence()
    let wanted: Bool
    if usesEventIndex {
      let behind = UInt16(truncatingIfNeeded: new) &- ring.availableEvent() &- 1
      wanted = behind < UInt16(truncatingIfNeeded: new &- old)
    } else {
      wanted = ring.usedFlags() & 1 == 0
    }
    if wanted {
      counts.notifications &+= 1
      bell.ring()
    }
  }

  /// Asks for an interrupt when the next request finishes.
  ///
  /// - Returns: true if something has finished already, perhaps without an interrupt: look again before sleeping.
  public mutating func arm() -> Bool {
    // Of a device that broke the rules, or was reset, nothing more comes.
    if fault != nil || isDeviceDone { return stashHead != stashTail }
    return armRing() || stashHead != stashTail
  }

  /// Asks for no interrupts. A hint: the device may still send some.
  public mutating func disarm() {
    // With EVENT_IDX the flag stays 0, and the event is left where the device has passed it.
    if !usesEventIndex { ring.setAvailableFlags(1) }
  }
}
