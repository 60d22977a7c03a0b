/// A moment on a clock that never goes back, in nanoseconds since the platform's own beginning.
@frozen
public struct MonotonicTime: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's beginning.
  public var nanoseconds: UInt64

  /// The moment `nanoseconds` after the clock's beginning.
  @inlinable
  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Earlier than.
  @inlinable
  public static func < (a: MonotonicTime, b: MonotonicTime) -> Bool { a.nanoseconds < b.nanoseconds }

  /// The moment `span` later; the far end of the clock when it would pass that.
  @inlinable
  public static func + (time: MonotonicTime, span: TimeSpan) -> MonotonicTime {
    let (sum, overflow) = time.nanoseconds.addingReportingOverflow(span.nanoseconds)
    return MonotonicTime(nanoseconds: overflow ? .max : sum)
  }

  /// The time from `earlier` to `later`; zero when they are the other way round.
  @inlinable
  public static func - (later: MonotonicTime, earlier: MonotonicTime) -> TimeSpan {
    TimeSpan(nanoseconds: later.nanoseconds > earlier.nanoseconds ? later.nanoseconds &- earlier.nanoseconds : 0)
  }
}

/// A length of time, in nanoseconds. The standard library's `Duration` is 128 bits wide; this one is a machine word.
@frozen
public struct TimeSpan: Hashable, Comparable, Sendable {
  /// The length in nanoseconds.
  public var nanoseconds: UInt64

  /// A length in nanoseconds.
  @inlinable
  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// A length in microseconds.
  @inlinable
  public static func microseconds(_ count: UInt32) -> TimeSpan { TimeSpan(nanoseconds: UInt64(count) * 1_000) }

  /// A length in milliseconds.
  @inlinable
  public static func milliseconds(_ count: UInt32) -> TimeSpan { TimeSpan(nanoseconds: UInt64(count) * 1_000_000) }

  /// A length in seconds.
  @inlinable
  public static func seconds(_ count: UInt32) -> TimeSpan { TimeSpan(nanoseconds: UInt64(count) * 1_000_000_000) }

  /// Shorter than.
  @inlinable
  public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}
