import Synchronization

/// What the card and its pairs of queues tell each other, from whatever CPU they run on.
@usableFromInline
final class CardState: Sendable {
  private let bits = Atomic<UInt32>(0)
  private static let fault: UInt32 = 1
  private static let reset: UInt32 = 2

  init() {}

  /// A pair found out that the device broke the rules.
  func reportFault() { _ = bits.bitwiseOr(Self.fault, ordering: .releasing) }
  /// The device has let go of everything.
  @usableFromInline func reportReset() { _ = bits.bitwiseOr(Self.reset, ordering: .releasing) }

  var hasFault: Bool { bits.load(ordering: .acquiring) & Self.fault != 0 }
  @usableFromInline var isReset: Bool { bits.load(ordering: .acquiring) & Self.reset != 0 }
}
