public import DevicePlatform
public import VirtIO

extension EventDevice where T: ~Copyable {
  /// Resets the device and ends its use. What it told before can still be had.
  ///
  /// - Throws: `.resetTimedOut` or `.deviceAbsent`; then its memory is lost when this value is dropped, unless that reset
  ///   is faster, but see `deviceWasRemoved`.
  public mutating func shutDown<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) {
    note(try transport.reset(waiter: &waiter, timeout: timeout))
  }

  /// The bus says that the device is no longer there, as when its slot is empty or without power: it writes no memory any
  /// more.
  ///
  /// Only the bus can say so. A device whose registers merely read as ones may still write.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) {
    events.deviceWasRemoved(removal)
    statusQueue.deviceWasRemoved(removal)
  }

  /// The rules were broken: FAILED, then a reset, so that the device lets go of all buffers.
  @usableFromInline
  mutating func failDevice() {
    if isFailed || events.isReset { return }
    isFailed = true
    transport.addStatus(.failed)
    if let reset = transport.reset(attempts: 1_000_000) { note(reset) }
  }

  private mutating func note(_ reset: DeviceReset) {
    events.deviceWasReset(reset)
    statusQueue.deviceWasReset(reset)
  }
}
