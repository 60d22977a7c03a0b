public import VirtqueueStorage

/// Which notifications both sides of a queue ask for, as it stands in memory: for tools and logs.
///
/// SPEC: Basic Facilities of a Virtio Device / Split Virtqueues
@frozen
public enum QueueSuppression: Equatable, Sendable {
  /// By flags: the driver wants no interrupts, the device no bell.
  case flags(driver: Bool, device: Bool)
  /// By event indices: the driver wants an interrupt when the used index passes the first one, the device a bell when the
  /// available index passes the second one.
  case events(used: UInt16, available: UInt16)

  /// In words.
  public var words: String {
    switch self {
    case .flags(let driver, let device):
      "interrupts \(driver ? "off" : "on"), bell \(device ? "off" : "on") (flags)"
    case .events(let used, let available):
      "interrupt after used \(used), bell after available \(available) (event indices)"
    }
  }
}

extension Virtqueue where T: ~Copyable {
  /// Which notifications both sides ask for.
  var suppression: QueueSuppression {
    usesEventIndex
      ? .events(used: ring.usedEvent(), available: ring.availableEvent())
      : .flags(driver: ring.availableFlags() & 1 != 0, device: ring.usedFlags() & 1 != 0)
  }

  /// Used index as the device has written it, modulo 65 536: the device's word, good for looking at only.
  @inlinable public var deviceUsedIndex: UInt16 { ring.usedIndex() }
  /// What was submitted so far.
  var submittedIndex: UInt16 { UInt16(truncatingIfNeeded: next) }
}
