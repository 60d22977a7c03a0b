public import DevicePlatform
import Synchronization
import Glibc

/// Looks again at once for a while, then sleeps until the back-end interrupts, hangs up, or the deadline has come. One
/// system call a sleep.
///
/// The while begins anew with each new deadline, hence with each operation. Once the back-end is gone, time is over:
/// nothing will happen any more, so `now` is past every deadline, and nobody waits in vain.
public struct VhostUserWaiter: Waiter {
  /// How long it looks again before it sleeps.
  public let pollingSpan: TimeSpan
  /// How often it slept.
  public private(set) var sleeps: UInt64 = 0
  private let device: VhostUserDevice
  private var deadline: MonotonicTime?
  private var nextLook = MonotonicTime(nanoseconds: 0)
  private static let lookSpan = TimeSpan.milliseconds(2)
  private var pollingEnd = MonotonicTime(nanoseconds: 0)

  init(_ device: VhostUserDevice, pollingFor pollingSpan: TimeSpan) {
    self.device = device
    self.pollingSpan = pollingSpan
  }

  /// The present moment.
  public var now: MonotonicTime {
    device.health.hasFailed.load(ordering: .acquiring) ? MonotonicTime(nanoseconds: .max) : LinuxClock().now
  }

  /// Returns at once while it polls; sleeps afterwards.
  public mutating func wait(until deadline: MonotonicTime) {
    device.observeRings(isLate: true)
    let now = now
    if now >= deadline { return }
    if self.deadline != deadline {
      self.deadline = deadline
      pollingEnd = now + pollingSpan
    }
    if now < pollingEnd {
      relaxProcessor()
      // A back-end that is gone does not interrupt: whoever only polls has to look for its end now and then.
      if now >= nextLook {
        nextLook = now + Self.lookSpan
        device.session.withLock { $0.noticeEnd() }
      }
      // A trace has to see what was used before the driver takes it, and makes its status ready for the next.
      device.observeRings()
      return
    }
    sleeps += 1
    let result = device.poller.wait(deadline - now)
    if result.contains(.closed) || device.options.display?.hasFailed == true {
      device.session.withLock { $0.noticeEnd() }
    }
    pollingEnd = LinuxClock().now + pollingSpan
    device.observeRings()
  }
}

/// Gives the processor away.
func pause(_ span: TimeSpan) {
  var time = timespec(tv_sec: Int(span.nanoseconds / 1_000_000_000), tv_nsec: Int(span.nanoseconds % 1_000_000_000))
  // A local variable.
  unsafe nanosleep(&time, nil)
}
