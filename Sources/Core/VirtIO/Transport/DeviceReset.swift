internal import Synchronization

/// Which device a transport stands for: no two transports have the same.
@frozen
public struct DeviceIdentity: Equatable, Sendable {
  @usableFromInline let number: UInt64

  /// A fresh one: for a transport to make once, when it is made itself.
  public init() { number = Moment.next() }

  init(number: UInt64) { self.number = number }
}

/// Says that a device finished a reset, and when: only `Transport.reset` makes one.
///
/// A queue gives up its buffers for this and for nothing else, because before its reset the device may still write them.
@frozen
public struct DeviceReset: Sendable {
  @usableFromInline let device: DeviceIdentity
  @usableFromInline let moment: UInt64

  /// `device` reads as reset at this moment.
  @usableFromInline
  init(of device: DeviceIdentity) {
    self.device = device
    moment = Moment.next()
  }

  /// Device and moment as two words, to be kept where a value of two words cannot be.
  package var words: (device: UInt64, moment: UInt64) { (device.number, moment) }

  /// Makes the same out of `words`.
  package init(words: (device: UInt64, moment: UInt64)) {
    device = DeviceIdentity(number: words.device)
    moment = words.moment
  }
}

/// Counts what has to be told apart from what came before: devices, queues, resets.
enum Moment {
  private static let last = Atomic<UInt64>(0)

  static func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
