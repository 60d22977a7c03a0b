internal import Synchronization
public import VirtIO

/// What the card and its pairs of queues tell each other, from whatever CPU they run on.
@usableFromInline
final class CardState: Sendable {
  private let bits = Atomic<UInt32>(0)
  private let device = Atomic<UInt64>(0)
  private let moment = Atomic<UInt64>(0)
  private static let fault: UInt32 = 1
  private static let reset: UInt32 = 2
  private static let removal: UInt32 = 4

  init() {}

  /// A pair found out that the device broke the rules.
  @usableFromInline func reportFault() { _ = bits.bitwiseOr(Self.fault, ordering: .releasing) }
  /// The device has let go of everything. Told by the card's one owner.
  func reportReset(_ reset: DeviceReset) {
    device.store(reset.words.device, ordering: .relaxed)
    moment.store(reset.words.moment, ordering: .relaxed)
    _ = bits.bitwiseOr(Self.reset, ordering: .releasing)
  }

  /// The bus says that the device is gone.
  func reportRemoval() { _ = bits.bitwiseOr(Self.removal, ordering: .releasing) }

  var hasFault: Bool { bits.load(ordering: .acquiring) & Self.fault != 0 }
  /// The reset, once there was one.
  @usableFromInline var lastReset: DeviceReset? {
    if bits.load(ordering: .acquiring) & Self.reset == 0 { return nil }
    return DeviceReset(words: (device.load(ordering: .relaxed), moment.load(ordering: .relaxed)))
  }
  /// There was one, or the device is gone: nothing is to be told to it any more.
  var isOver: Bool { bits.load(ordering: .acquiring) & (Self.reset | Self.removal) != 0 }
}
