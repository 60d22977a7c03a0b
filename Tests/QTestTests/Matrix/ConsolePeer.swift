import Glibc
import QTest

/// The other end of a port: what a program on the host would be.
final class ConsolePeer {
  private let listener: Listener?
  private var end: SocketEnd?
  /// What it is to send, from `sent` on, and what it has got.
  var outgoing: [UInt8] = []
  private(set) var sent = 0
  private(set) var received: [UInt8] = []

  /// One that comes and goes.
  init(_ listener: Listener) { self.listener = listener }

  /// One that is there from the beginning.
  init(_ end: SocketEnd) {
    listener = nil
    self.end = end
  }

  /// Connects: somebody has the port open.
  func connect() throws { end = try listener?.connect() }

  /// Ends the connection.
  func disconnect() {
    end?.close()
    end = nil
  }

  /// Sends and receives what is possible without waiting; true when something was.
  func pump() throws -> Bool {
    guard let end else { return false }
    var isBusy = false
    if sent < outgoing.count {
      // Stays within the array: `sent` is below its count.
      let count = unsafe outgoing.withUnsafeBytes {
        unsafe Glibc.send(
          end.descriptor, $0.baseAddress.unsafelyUnwrapped + sent, min(65_536, $0.count - sent), Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
        isBusy = true
      } else if errno != EAGAIN {
        throw QTestError.system(doing: "sending to a port", errno: errno)
      }
    }
    var part = [UInt8](repeating: 0, count: 65_536)
    // Stays within the array: it is as large as the call is told.
    let count = unsafe part.withUnsafeMutableBytes {
      unsafe Glibc.recv(end.descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
    }
    if count > 0 {
      received += part[..<count]
      isBusy = true
    } else if count < 0, errno != EAGAIN {
      throw QTestError.system(doing: "receiving from a port", errno: errno)
    }
    return isBusy
  }
}
