internal import DevicePlatform

/// When to send something again: after half a second, then after twice as long each time, four seconds at most.
struct Retries {
  private let end: MonotonicTime
  private var span = TimeSpan.milliseconds(500)
  /// How often something was sent.
  private(set) var count = 0

  init(until end: MonotonicTime) { self.end = end }

  /// Until when to wait after sending now; nil when time is over.
  mutating func next(now: MonotonicTime) -> MonotonicTime? {
    if now >= end { return nil }
    let moment = min(end, now + span)
    span = min(TimeSpan(nanoseconds: span.nanoseconds * 2), .seconds(4))
    count += 1
    return moment
  }
}
