public import DevicePlatform
public import VirtIO

extension GPUDevice where T: ~Copyable {
  /// Why the device does nothing more; nil while it does.
  public var failure: GPUError? { end }

  /// Resets the device and ends its use; what it shows is gone.
  ///
  /// - Throws: `.resetTimedOut` or `.deviceAbsent`; then its memory is lost when this value is dropped, unless that reset
  ///   is faster, but see `deviceWasRemoved`.
  public mutating func shutDown<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) {
    note(try transport.reset(waiter: &waiter, timeout: timeout))
    if end == nil { end = .deviceReset }
  }

  /// The bus says that the device is no longer there, as when its slot is empty or without power: it reads and writes no
  /// memory any more.
  ///
  /// Only the bus can say so. A device whose registers merely read as ones may still do it.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) {
    control.deviceWasRemoved(removal)
    cursors.deviceWasRemoved(removal)
    isReset = true
    if end == nil { end = .deviceAbsent }
  }

  /// The rules were broken: FAILED, then a reset, so that the device lets go of all memory. Once.
  mutating func fail(_ reason: GPUError) {
    if end != nil { return }
    end = reason
    transport.addStatus(.failed)
    if let reset = transport.reset(attempts: 1_000_000) { note(reset) }
  }

  private mutating func note(_ reset: DeviceReset) {
    control.deviceWasReset(reset)
    cursors.deviceWasReset(reset)
    isReset = true
  }
}
