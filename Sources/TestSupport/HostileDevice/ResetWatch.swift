/// Follows a device status register: whether the driver was shown that the reset it asked for is complete.
///
/// Unchecked: used by the one thread that runs driver and device.
public final class ResetWatch: @unchecked Sendable {
  private let offset: Int
  private var isAsked = false
  /// The driver asked for a reset, then saw it done, and has not used the device since.
  public private(set) var isComplete = false
  /// Called when the driver is shown that.
  var onComplete: () -> Void = {}

  /// Follows the register at `offset`.
  public init(offset: Int) { self.offset = offset }

  func loaded(_ value: UInt32, at offset: Int) {
    guard offset == self.offset else { return }
    isComplete = isAsked && UInt8(truncatingIfNeeded: value) == 0
    if isComplete { onComplete() }
  }

  func stored(_ value: UInt32, at offset: Int) {
    guard offset == self.offset else { return }
    isAsked = value == 0
    isComplete = false
  }
}
