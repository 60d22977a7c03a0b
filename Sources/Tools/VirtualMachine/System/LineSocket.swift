import Glibc

/// A stream socket that carries lines of text, with a deadline on everything and a bound on what it keeps.
///
/// Not for several threads at once: its owner keeps it inside a mutex and lets no reference out, so that it need not be
/// checked for being sendable.
public final class LineSocket: @unchecked Sendable {
  /// What is spoken here, for error messages.
  public let name: String
  private let socket: SocketEnd
  private var received: [UInt8] = []
  /// How much of `received` is known to hold no line feed.
  private var searched = 0
  private(set) var isAtEnd = false
  /// The longest line that is accepted.
  static let longestLine = 16 << 20

  /// Takes over the end of a socket that does not block.
  public init(_ socket: SocketEnd, name: String) {
    self.socket = socket
    self.name = name
  }

  /// Sends all of a line; the line feed is added here.
  public func send(_ line: String, until deadline: ContinuousClock.Instant) throws(VirtualMachineError) {
    do {
      try socket.send(Array(line.utf8) + [UInt8(ascii: "\n")], name: name, within: deadline - .now)
    } catch .deadlinePassed {
      throw late("room for \(line.prefix(60))")
    }
  }

  /// The next line, without its line feed.
  public func line(
    for what: @autoclosure () -> String, until deadline: ContinuousClock.Instant
  ) throws(VirtualMachineError) -> String {
    while true {
      if let line = try bufferedLine() { return line }
      if isAtEnd { throw .connectionClosed(name) }
      guard socket.isReady(forWriting: false, until: deadline) else { throw late(what()) }
      try receive()
    }
  }

  /// A line that is there already or arrives at once; nil when there is none.
  public func waitingLine() throws(VirtualMachineError) -> String? {
    if let line = try bufferedLine() { return line }
    if !isAtEnd { try receive() }
    return try bufferedLine()
  }

  /// Waits until something can be read or until `deadline`.
  public func waitForInput(until deadline: ContinuousClock.Instant) {
    if !isAtEnd { _ = socket.isReady(forWriting: false, until: deadline) }
  }

  private func bufferedLine() throws(VirtualMachineError) -> String? {
    guard let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = received.count
      guard received.count <= Self.longestLine else {
        throw .malformed(what: "\(name) line without end", found: String(decoding: received.prefix(80), as: UTF8.self))
      }
      return nil
    }
    var line = String(decoding: received[..<end], as: UTF8.self)
    if line.hasSuffix("\r") { line.removeLast() }
    received.removeSubrange(...end)
    searched = 0
    return line
  }

  /// Takes what is there, and notices the end.
  private func receive() throws(VirtualMachineError) {
    // At most this much per call, into an array of that size.
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(socket.descriptor, $0.baseAddress, $0.count, 0) }
    if count > 0 {
      received += chunk[..<count]
    } else if count == 0 || errno == ECONNRESET {
      isAtEnd = true
    } else if errno != EAGAIN && errno != EINTR {
      throw .system(doing: "receiving from \(name)", errno: errno)
    }
  }

  /// The error for a deadline that has passed.
  private func late(_ what: String) -> VirtualMachineError {
    .deadlinePassed(waitingFor: "\(name): \(what)", milliseconds: timeout)
  }

  /// How long a command is given, in milliseconds; for error messages and `deadline`.
  public var timeout = 20_000

  /// The moment at which a command that begins now is late.
  public var deadline: ContinuousClock.Instant { .now + .milliseconds(timeout) }
}
