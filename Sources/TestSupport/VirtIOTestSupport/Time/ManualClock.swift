public import DevicePlatform
import Synchronization

/// Time that moves when a test says so.
public final class ManualClock: Clock {
  private let nanoseconds: Atomic<UInt64>

  /// A clock that stands at `start`.
  public init(start: MonotonicTime = MonotonicTime(nanoseconds: 1_000_000)) {
    nanoseconds = Atomic(start.nanoseconds)
  }

  /// The present moment.
  public var now: MonotonicTime { MonotonicTime(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

  /// Lets time pass.
  public func advance(by span: TimeSpan) { nanoseconds.wrappingAdd(span.nanoseconds, ordering: .relaxed) }
}
