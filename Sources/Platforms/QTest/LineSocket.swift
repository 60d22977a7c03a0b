import CQTest
import DevicePlatform
import Glibc

/// One end of a stream socket that carries lines of text, with a deadline on everything and a bound on what it keeps.
///
/// Not for several threads at once.
// Unchecked: its owner keeps it inside a mutex and lets no reference out.
final class LineSocket: @unchecked Sendable {
  /// What is spoken here, for error messages.
  let name: String
  private let descriptor: Int32
  private var received: [UInt8] = []
  private var isAtEnd = false
  /// The longest line that is accepted.
  static let longestLine = 16 << 20

  /// Takes over a non-blocking socket.
  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  deinit { close(descriptor) }

  /// Sends all of a line; the line feed is added here.
  func send(_ line: String, until deadline: MonotonicTime) throws(QTestError) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    var sent = 0
    while sent < bytes.count {
      // Stays within the array: `sent` is below its count.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress.unsafelyUnwrapped + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EPIPE || errno == ECONNRESET {
        throw .connectionClosed(name)
      } else if errno == EAGAIN {
        guard isReady(forWriting: true, until: deadline) else { throw late("room for \(line.prefix(60))", deadline) }
      } else if errno != EINTR {
        throw .system(doing: "sending to \(name)", errno: errno)
      }
    }
  }

  /// The next line, without its line feed.
  func line(for what: @autoclosure () -> String, until deadline: MonotonicTime) throws(QTestError) -> String {
    while true {
      if let line = try bufferedLine() { return line }
      if isAtEnd { throw .connectionClosed(name) }
      guard isReady(forWriting: false, until: deadline) else { throw late(what(), deadline) }
      try receive()
    }
  }

  /// A line that is there already or arrives at once; nil when there is none.
  func waitingLine() throws(QTestError) -> String? {
    if let line = try bufferedLine() { return line }
    if !isAtEnd { try receive() }
    return try bufferedLine()
  }

  /// Waits until something can be read or until `deadline`.
  func waitForInput(until deadline: MonotonicTime) {
    if !isAtEnd { _ = isReady(forWriting: false, until: deadline) }
  }

  private func bufferedLine() throws(QTestError) -> String? {
    guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else {
      guard received.count <= Self.longestLine else {
        throw .malformed(what: "\(name) line without end", found: String(decoding: received.prefix(80), as: UTF8.self))
      }
      return nil
    }
    var line = String(decoding: received[..<end], as: UTF8.self)
    if line.hasSuffix("\r") { line.removeLast() }
    received.removeSubrange(...end)
    return line
  }

  /// Takes what is there, and notices the end.
  private func receive() throws(QTestError) {
    // At most this much per call, into an array of that size.
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    if count > 0 {
      received += chunk[..<count]
    } else if count == 0 || errno == ECONNRESET {
      isAtEnd = true
    } else if errno != EAGAIN && errno != EINTR {
      throw .system(doing: "receiving from \(name)", errno: errno)
    }
  }

  /// True when the socket is ready (or at its end), false when the deadline passed.
  private func isReady(forWriting isWriting: Bool, until deadline: MonotonicTime) -> Bool {
    while true {
      let left = deadline - HostClock().now
      let ready = cqtest_ready(descriptor, isWriting ? 1 : 0, left.nanoseconds)
      if ready != -EINTR { return ready > 0 }
    }
  }

  /// The error for a deadline that has passed; by how long it was waited is the caller's to know.
  private func late(_ what: String, _ deadline: MonotonicTime) -> QTestError {
    .deadlinePassed(waitingFor: "\(name): \(what)", milliseconds: timeout)
  }

  /// How long a command is given, in milliseconds; for error messages and `deadline`.
  var timeout = 20_000

  /// The moment at which a command that begins now is late.
  var deadline: MonotonicTime { HostClock().now + .milliseconds(UInt32(clamping: timeout)) }
}
