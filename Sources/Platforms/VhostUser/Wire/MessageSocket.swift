import CVhostUser
import DevicePlatform
import Glibc

/// A connection to a back-end that carries whole messages, with a deadline on each.
final class MessageSocket: Sendable {
  let descriptor: Int32

  /// Version 1 of the protocol, in the lowest two bits of each message's flags.
  static let version: UInt32 = 1
  static let replyFlag: UInt32 = 4
  static let needReplyFlag: UInt32 = 8
  static let headerByteCount = 12
  /// The largest payload of a message that a back-end may send here: the header of GET_CONFIG and 256 bytes.
  static let longestReply = 12 + 256

  /// Takes over a connected stream socket.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Connects to a path.
  convenience init(path: String) throws(VhostUserError) {
    // The string lives as long as the call.
    let result = unsafe path.withCString { unsafe cvhost_connect($0) }
    guard result >= 0 else { throw .unreachable(path: path, errno: -result) }
    self.init(descriptor: result)
  }

  deinit { close(descriptor) }

  /// Whether the other side has hung up.
  var isClosed: Bool { cvhost_is_closed(descriptor) == 1 }

  /// Sends a message.
  func send(
    _ request: VhostUserRequest, flags: UInt32, _ payload: MessageBytes, descriptors: [Int32], within timeout: TimeSpan
  ) throws(VhostUserError) {
    var message = MessageBytes()
    message.append(request.rawValue)
    message.append(Self.version | flags)
    message.append(UInt32(payload.count))
    message.append(contentsOf: payload.bytes)
    let bytes = message.bytes
    let deadline = LinuxClock().now + timeout
    var sent = 0
    while sent < bytes.count {
      // Stays within the array, for `sent` is below its count; descriptors go with the first byte only.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe cvhost_send(
          descriptor, $0.baseAddress.unsafelyUnwrapped + sent, $0.count - sent, descriptors,
          sent == 0 ? descriptors.count : 0)
      }
      switch Int32(clamping: count) {
      case 1...: sent += count
      case -EAGAIN:
        guard isReady(forWriting: true, until: deadline) else { throw late(request, timeout) }
      case -EPIPE, -ECONNRESET: throw .closed(request: request, received: 0, expected: Self.headerByteCount)
      case let reason: throw .system(doing: "sending \(request.name)", errno: -reason)
      }
    }
  }

  /// Receives the answer to a request: its payload.
  func receive(answerTo request: VhostUserRequest, within timeout: TimeSpan) throws(VhostUserError) -> MessageBytes {
    let deadline = LinuxClock().now + timeout
    var descriptors = 0
    let header = MessageBytes(
      try receive(Self.headerByteCount, request, after: 0, &descriptors, timeout, deadline))
    let (code, flags, size) = (header.word(at: 0), header.word(at: 4), Int(header.word(at: 8)))
    // The flag that asks for an answer has no meaning in one.
    guard code == request.rawValue, flags & ~Self.needReplyFlag == Self.version | Self.replyFlag else {
      throw .wrongReply(request: request, code: code, flags: flags)
    }
    guard size <= Self.longestReply else {
      throw .wrongSize(request: request, found: size, expected: Self.longestReply)
    }
    let payload = try receive(size, request, after: Self.headerByteCount, &descriptors, timeout, deadline)
    guard descriptors == 0 else { throw .strayDescriptors(request: request, count: descriptors) }
    return MessageBytes(payload)
  }

  private func receive(
    _ count: Int, _ request: VhostUserRequest, after before: Int, _ descriptors: inout Int, _ timeout: TimeSpan,
    _ deadline: MonotonicTime
  ) throws(VhostUserError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      var closed: Int32 = 0
      // Stays within the array: `received` is below its count.
      let length = unsafe bytes.withUnsafeMutableBytes {
        unsafe cvhost_receive(
          descriptor, $0.baseAddress.unsafelyUnwrapped + received, $0.count - received, &closed)
      }
      descriptors += Int(closed)
      switch Int32(clamping: length) {
      case 1...: received += length
      case 0, -ECONNRESET: throw .closed(request: request, received: before + received, expected: before + count)
      case -EAGAIN:
        guard isReady(forWriting: false, until: deadline) else { throw late(request, timeout) }
      case let reason: throw .system(doing: "receiving the answer to \(request.name)", errno: -reason)
      }
    }
    return bytes
  }

  /// What is there although nothing was asked: the code of a message, or 0 when less than that came. nil when there is
  /// nothing.
  func strayMessage() -> UInt32? {
    var bytes = [UInt8](repeating: 0, count: 4)
    var closed: Int32 = 0
    // The array has room for what is asked for.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe cvhost_receive(descriptor, $0.baseAddress, 4, &closed) }
    if count <= 0 { return nil }
    return count == 4 ? MessageBytes(bytes).word(at: 0) : 0
  }

  /// Tells the back-end that nothing more comes: it answers by closing its side.
  func finishSending() { cvhost_finish_sending(descriptor) }

  /// Waits until the other side hangs up; false when it does not in time.
  func waitForEnd(within span: TimeSpan) -> Bool {
    let deadline = LinuxClock().now + span
    var result: Int32
    repeat {
      result = cvhost_wait_for_end(descriptor, (deadline - LinuxClock().now).nanoseconds)
    } while result == -EINTR && LinuxClock().now < deadline
    return result > 0
  }

  private func isReady(forWriting isWriting: Bool, until deadline: MonotonicTime) -> Bool {
    while true {
      let ready = cvhost_ready(descriptor, isWriting ? 1 : 0, (deadline - LinuxClock().now).nanoseconds)
      if ready != -EINTR { return ready > 0 }
    }
  }

  private func late(_ request: VhostUserRequest, _ timeout: TimeSpan) -> VhostUserError {
    .timedOut(request: request, milliseconds: timeout.nanoseconds / 1_000_000)
  }
}
