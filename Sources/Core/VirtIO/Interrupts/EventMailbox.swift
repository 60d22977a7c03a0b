internal import Synchronization

/// Where the interrupt side leaves events for the task side: one atomic word, and counters.
///
/// The only thing that both sides share. Posting is safe in interrupt context, on any CPU, at any moment: it allocates
/// nothing, takes no lock and waits for nobody. Events that were not taken are merged, none is lost.
public final class EventMailbox: Sendable {
  private let pending = Atomic<UInt32>(0)
  private let handledCount = Atomic<UInt>(0)
  private let spuriousCount = Atomic<UInt>(0)

  /// An empty mailbox.
  public init() {}

  /// Leaves events. Everything that the device wrote before its interrupt is visible to who takes them.
  public func post(_ events: DeviceEvents) {
    _ = pending.bitwiseOr(events.rawValue, ordering: .releasing)
    handledCount.wrappingAdd(1, ordering: .relaxed)
  }

  /// Counts an interrupt that told nothing.
  public func postSpurious() { spuriousCount.wrappingAdd(1, ordering: .relaxed) }

  /// Takes all events, leaving none.
  public func take() -> DeviceEvents { DeviceEvents(rawValue: pending.exchange(0, ordering: .acquiring)) }

  /// Whether there is something to take. A look, not a promise: call it with interrupts masked before halting.
  public var isEmpty: Bool { pending.load(ordering: .acquiring) == 0 }

  /// Interrupts that told something, counted without end.
  public var interrupts: UInt { handledCount.load(ordering: .relaxed) }
  /// Interrupts that told nothing: shared lines, and devices that raise theirs for no reason.
  public var spuriousInterrupts: UInt { spuriousCount.load(ordering: .relaxed) }
}
