public import DevicePlatform
import Glibc

/// The host's monotonic clock.
public struct LinuxClock: Clock {
  /// There is one such clock.
  public init() {}

  /// Nanoseconds since the host's boot.
  public var now: MonotonicTime { MonotonicTime(nanoseconds: read(CLOCK_MONOTONIC)) }

  /// How long this process has used processors, its threads and its system calls all together.
  public var processorTime: TimeSpan { TimeSpan(nanoseconds: read(CLOCK_PROCESS_CPUTIME_ID)) }

  private func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    // Cannot fail: these clocks exist on every Linux, and the address is a local variable's.
    unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
