public import DevicePlatform
import Glibc

/// Waits by giving the processor to the emulator for a moment, and listening to its interrupt lines meanwhile.
public struct QTestWaiter: Waiter {
  private let connection: QTestConnection
  /// The longest pause before the caller looks again: a device writes memory without a sound.
  static let pause = TimeSpan.microseconds(20)

  /// Waits for the devices behind a connection.
  public init(connection: QTestConnection) { self.connection = connection }

  /// The present moment on the host's clock.
  public var now: MonotonicTime { HostClock().now }

  /// Waits some microseconds, never past `deadline`.
  public mutating func wait(until deadline: MonotonicTime) {
    if connection.failure == nil { return connection.wait(until: min(deadline, now + Self.pause)) }
    // Nothing will happen any more; let the caller's deadline pass without burning a processor for it.
    var time = timespec(tv_sec: 0, tv_nsec: Int(min((deadline - now).nanoseconds, 1_000_000)))
    // A local variable.
    unsafe nanosleep(&time, nil)
  }
}
