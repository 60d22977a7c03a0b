public import DevicePlatform

/// A waiter that lets a fixed span pass at each wait, and something happen in it.
///
/// A driver that waits for ever is stopped: at `limit` waits the test ends with a message.
public struct TestWaiter: Waiter {
  /// The clock that the waits move.
  public let clock: ManualClock
  /// What passes at each wait, at most up to the deadline.
  public var step: TimeSpan
  /// How often a driver may wait.
  public var limit: Int
  /// Waits so far.
  public private(set) var count = 0
  private let onWait: () -> Void

  /// A waiter on a clock.
  ///
  /// - Parameters:
  ///   - step: what passes at each wait.
  ///   - limit: how often a driver may wait before it counts as hanging.
  ///   - onWait: runs at each wait, before time passes: the device's chance to act.
  public init(
    clock: ManualClock = ManualClock(), step: TimeSpan = .milliseconds(1), limit: Int = 100_000,
    onWait: @escaping () -> Void = {}
  ) {
    self.clock = clock
    self.step = step
    self.limit = limit
    self.onWait = onWait
  }

  /// The clock's time.
  public var now: MonotonicTime { clock.now }

  /// Runs the closure and lets time pass, up to the deadline.
  public mutating func wait(until deadline: MonotonicTime) {
    count += 1
    precondition(count <= limit, "the driver waited \(limit) times: it hangs")
    onWait()
    clock.advance(by: min(step, deadline - now))
  }
}
