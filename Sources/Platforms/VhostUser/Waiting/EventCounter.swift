import CVhostUser
import Glibc

/// An event descriptor: what rings a back-end's bell, and what a back-end interrupts with.
public final class EventCounter: Sendable {
  let descriptor: Int32

  init() throws(VhostUserError) {
    descriptor = cvhost_event()
    guard descriptor >= 0 else { throw .system(doing: "making an event descriptor", errno: -descriptor) }
  }

  deinit { close(descriptor) }

  /// Signals the event. One system call.
  func signal() { cvhost_signal(descriptor) }
}
