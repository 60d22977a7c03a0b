public import DevicePlatform
import Glibc

/// The host's monotonic clock.
public struct LinuxClock: Clock {
  /// There is one such clock.
  public init() {}

  /// Nanoseconds since the host's boot.
  public var now: MonotonicTime {
    var time = timespec()
    // Cannot fail: the clock exists on every Linux, and the address is a local variable's.
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }
}
