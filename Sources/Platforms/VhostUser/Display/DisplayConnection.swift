import CVhostUser
import Glibc

/// A display's end of the socket that a GPU's back-end was given. Nothing here waits but `waitForMessage`.
final class DisplayConnection: Sendable {
  private let descriptor: Int32

  enum Arrival {
    case nothing, end
    case bytes(Int)
  }

  /// The most that is read at once.
  private static let pieceByteCount = 256 << 10

  /// Takes over a connected stream socket.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A connection, and the end of it that is for the back-end: the caller closes that.
  static func pair() throws(VhostUserError) -> (ours: DisplayConnection, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    // Two numbers, as the call writes.
    let result = unsafe ends.withUnsafeMutableBufferPointer {
      unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, $0.baseAddress)
    }
    guard result == 0 else { throw .system(doing: "making a socket pair", errno: errno) }
    return (DisplayConnection(descriptor: ends[0]), ends[1])
  }

  /// Adds what has come to a message, so many bytes at most.
  func receive(_ count: Int, into message: inout [UInt8]) throws(VhostUserDisplayError) -> Arrival {
    var descriptors: Int32 = 0
    // Grows with what comes, not with what is said to come.
    var piece = [UInt8](repeating: 0, count: min(count, Self.pieceByteCount))
    // As large as the call is told.
    let received = unsafe piece.withUnsafeMutableBytes {
      unsafe cvhost_receive(descriptor, $0.baseAddress, $0.count, &descriptors)
    }
    if descriptors > 0 { throw .strayDescriptors(count: Int(descriptors)) }
    switch Int32(clamping: received) {
    case 1...:
      message += piece[..<received]
      return .bytes(received)
    case 0, -ECONNRESET: return .end
    case -EAGAIN: return .nothing
    case let reason: throw .system(errno: -reason)
    }
  }

  /// Sends an answer, all of it: one that finds no room was not waited for.
  func answer(_ request: DisplayRequest, _ payload: MessageBytes) throws(VhostUserDisplayError) {
    var message = MessageBytes()
    message.append(request.rawValue)
    // This is an answer.
    message.append(4 as UInt32)
    message.append(UInt32(payload.count))
    message.append(contentsOf: payload.bytes)
    let bytes = message.bytes
    // The array lives as long as the call.
    let sent = unsafe cvhost_send(descriptor, bytes, bytes.count, nil, 0)
    switch Int32(clamping: sent) {
    // It is gone: seen when it is read from the next time.
    case -EPIPE, -ECONNRESET: return
    case -EAGAIN: throw .answersNotRead(request)
    case ..<0: throw .system(errno: Int32(clamping: -sent))
    default: if sent < bytes.count { throw .answersNotRead(request) }
    }
  }

  /// Ends it for both sides; the descriptor goes with the last reference.
  func end() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Waits until there is something to receive, the end among it.
  func waitForMessage() { _ = cvhost_ready(descriptor, 0, 3_600_000_000_000) }
}
