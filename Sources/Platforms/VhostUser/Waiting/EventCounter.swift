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

  /// Signals the event. One system call, which returns at once as long as the back-end leaves the descriptor's flags alone:
  /// both sides share them, and one that clears O_NONBLOCK and fills the counter makes this wait until it is read.
  func signal() { cvhost_signal(descriptor) }
}
