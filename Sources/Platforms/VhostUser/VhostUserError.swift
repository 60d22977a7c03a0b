import Glibc
import VirtIO

/// Why a vhost-user back-end could not be used, or cannot be used any longer.
public enum VhostUserError: Error, Equatable, Sendable {
  /// Nothing can be reached at this path: `errno` of the attempt.
  case unreachable(path: String, errno: Int32)
  /// A system call failed: what was being done, and its `errno`.
  case system(doing: String, errno: Int32)
  /// The back-end closed the connection. `request`: what it had been asked and did not answer; `received`: how many
  /// bytes of the answer had come, of how many.
  case closed(request: VhostUserRequest?, received: Int, expected: Int)
  /// No answer, or no room for the request, in time.
  case timedOut(request: VhostUserRequest, milliseconds: UInt64)
  /// What came is no answer to what was asked: its first two words.
  case wrongReply(request: VhostUserRequest, code: UInt32, flags: UInt32)
  /// An answer of the wrong size, in bytes.
  case wrongSize(request: VhostUserRequest, found: Int, expected: Int)
  /// An answer to GET_CONFIG that is about another part of the configuration.
  case wrongPart(offset: UInt32, byteCount: UInt32, expectedOffset: UInt32, expectedByteCount: UInt32)
  /// An answer with file descriptors that it should not have.
  case strayDescriptors(request: VhostUserRequest, count: Int)
  /// A message that nobody asked for.
  case unasked(code: UInt32)
  /// The back-end answered that it could not do it: with this number, where 0 is success.
  case refused(request: VhostUserRequest, result: UInt64)
  /// More memory regions than the back-end takes.
  case tooManyRegions(count: Int, limit: UInt64)
  /// Queues without end, or none.
  case impossibleQueueCount(UInt64)
  /// After a reconnection: features that were in use and are no more.
  case featuresGone(FeatureSet)
  /// The back-end was told to go and did not hang up in time: it may still write to the memory.
  case holdsOn(milliseconds: UInt64)
  /// A GPU's back-end broke the rules of its display.
  case display(VhostUserDisplayError)
}

extension VhostUserError: CustomStringConvertible {
  /// As `words`.
  public var description: String { words }

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .unreachable(let path, let errno): Self.unreachable(path, errno)
    case .system(let doing, let errno): "\(doing): \(Self.reason(errno))"
    case .closed(nil, _, _): "the back-end closed the connection"
    case .closed(.setDisplaySocket?, 0, _):
      "the back-end closed the connection instead of answering \(VhostUserRequest.setDisplaySocket.name): is it a GPU?"
    case .closed(let request?, 0, _): "the back-end closed the connection instead of answering \(request.name)"
    case .closed(let request?, let received, let expected):
      "the back-end closed the connection inside its answer to \(request.name): \(received) of \(expected) bytes came"
    case .timedOut(let request, let milliseconds): "no answer to \(request.name) within \(milliseconds) ms"
    case .wrongReply(let request, let code, let flags):
      "the answer to \(request.name) begins with \(Self.hex(code)) \(Self.hex(flags)), expected "
        + "\(Self.hex(request.rawValue)) 0x5: is this a vhost-user back-end?"
    case .wrongSize(let request, let found, let expected):
      "the answer to \(request.name) has \(found) bytes, expected "
        + "\(expected == MessageSocket.longestReply && found > expected ? "at most " : "")\(expected)"
    case .wrongPart(let offset, let byteCount, let expectedOffset, let expectedByteCount):
      "the answer to GET_CONFIG is about \(byteCount) bytes at \(offset), expected \(expectedByteCount) at "
        + "\(expectedOffset)"
    case .strayDescriptors(let request, let count):
      "the answer to \(request.name) has \(count) file descriptors with it, expected none"
    case .unasked(let code):
      "the back-end sent message \(VhostUserRequest(rawValue: code)?.name ?? Self.hex(code)), which nobody asked for"
        + (VhostUserRequest(rawValue: code) == nil ? ": is this a vhost-user back-end?" : "")
    case .refused(let request, let result): "the back-end answered \(request.name) with \(result), expected 0"
    case .tooManyRegions(let count, let limit): "\(count) memory regions, the back-end takes \(limit)"
    case .impossibleQueueCount(let count): "the back-end has \(count) queues, expected 1 to 65535"
    case .featuresGone(let features):
      "the back-end does not offer the features \(features.hexadecimal) any more, which are in use"
    case .holdsOn(let milliseconds):
      "the back-end was told to go and did not hang up within \(milliseconds) ms: it may still write to the memory"
    case .display(let error): error.description
    }
  }

  /// The section of the protocol's document that this is about; nil where the fault is nobody's, or this side's.
  public var clause: String? {
    switch self {
    case .wrongReply, .wrongSize, .unasked: "vhost-user protocol: Message Specification / Header"
    case .strayDescriptors: "vhost-user protocol: Communication"
    case .wrongPart: "vhost-user protocol: Front-end message types / VHOST_USER_GET_CONFIG"
    case .refused: "vhost-user protocol: VHOST_USER_PROTOCOL_F_REPLY_ACK"
    case .impossibleQueueCount: "vhost-user protocol: Multiple queue support"
    case .closed(_?, _, _): "vhost-user protocol: Communication"
    case .display(let error): error.clause
    case .unreachable, .system, .closed, .timedOut, .tooManyRegions, .featuresGone, .holdsOn: nil
    }
  }

  private static func unreachable(_ path: String, _ errno: Int32) -> String {
    switch errno {
    case ENOENT: "'\(path)' does not exist, expected the socket of a vhost-user back-end"
    case ENOTSOCK: "'\(path)' is no socket, expected that of a vhost-user back-end"
    case ECONNREFUSED: "nobody listens on '\(path)': a socket that a back-end left behind when it ended?"
    case EAGAIN: "'\(path)' takes no further connection: the back-end is busy with another one"
    case EPROTOTYPE: "'\(path)' is no stream socket, expected that of a vhost-user back-end"
    case ENAMETOOLONG: "'\(path)' is too long for a socket's path, expected at most 107 bytes"
    default: "'\(path)' cannot be reached: \(reason(errno))"
    }
  }

  private static func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }

  /// The C library's words for an error number.
  private static func reason(_ errno: Int32) -> String {
    // The library's own string, valid until the next call; copied at once.
    unsafe String(cString: strerror(errno))
  }
}
