/// How a caller waits. Drivers never sleep: their blocking forms look, ask the waiter to wait, and look again.
///
/// A kernel implements this on its own scheduler; `PollingWaiter` needs a clock only.
public protocol Waiter: ~Copyable {
  /// The present moment.
  var now: MonotonicTime { get }

  /// Waits until something may have happened or until `deadline`, whichever is first. May return early, at any time
  /// and for no reason; must not return later than the deadline by more than the platform's timer needs.
  mutating func wait(until deadline: MonotonicTime)
}

/// A source of monotonic time.
public protocol Clock: Sendable {
  /// The present moment.
  var now: MonotonicTime { get }
}

/// Waits by looking again at once. Right for boot, for tests and for a CPU that has nothing else to do.
public struct PollingWaiter<Source: Clock>: Waiter {
  /// Where time comes from.
  public let clock: Source

  /// Polls by `clock`.
  public init(clock: Source) { self.clock = clock }

  /// The present moment.
  public var now: MonotonicTime { clock.now }

  /// Gives the processor a breath and returns.
  public mutating func wait(until deadline: MonotonicTime) { relaxProcessor() }
}
