import CVhostUser
import DevicePlatform
import Glibc

/// What waits for interrupts and for the back-end's end.
final class Poller: Sendable {
  private let descriptor: Int32

  struct Result: OptionSet {
    let rawValue: Int32
    static let closed = Result(rawValue: Int32(CVHOST_CLOSED))
  }

  init() throws(VhostUserError) {
    descriptor = cvhost_poller()
    guard descriptor >= 0 else { throw .system(doing: "making a poller", errno: -descriptor) }
  }

  deinit { close(descriptor) }

  /// Adds a connection. It leaves the set by being closed.
  func add(_ socket: MessageSocket) throws(VhostUserError) {
    let result = cvhost_poller_add_connection(descriptor, socket.descriptor)
    guard result == 0 else { throw .system(doing: "watching the connection", errno: -result) }
  }

  /// Adds an event; each of its signals ends one wait.
  func add(_ event: EventCounter) throws(VhostUserError) {
    let result = cvhost_poller_add_event(descriptor, event.descriptor)
    guard result == 0 else { throw .system(doing: "watching an event", errno: -result) }
  }

  /// Waits for any of them.
  func wait(_ span: TimeSpan) -> Result { Result(rawValue: cvhost_poller_wait(descriptor, span.nanoseconds)) }
}
