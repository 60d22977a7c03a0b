import CVhostUser
import Glibc
import VhostUser

/// The back-end's end of a display's connection, in this process: sends whatever a test wants.
final class DisplayPeer {
  private let descriptor: Int32

  init(_ display: VhostUserDisplay) throws { descriptor = try display.connect() }

  deinit { close(descriptor) }

  static func words(_ numbers: [UInt32]) -> [UInt8] {
    numbers.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
  }

  /// Sends a message.
  ///
  /// - Parameter byteCount: what the header says, if not the truth.
  func send(_ request: UInt32, _ payload: [UInt8] = [], byteCount: UInt32? = nil, descriptors: [Int32] = []) {
    send(Self.words([request, 0, byteCount ?? UInt32(payload.count)]) + payload, descriptors: descriptors)
  }

  func send(_ request: DisplayRequest, _ numbers: [UInt32] = [], byteCount: UInt32? = nil) {
    send(request.rawValue, Self.words(numbers), byteCount: byteCount)
  }

  func send(_ bytes: [UInt8], descriptors: [Int32] = []) {
    var sent = 0
    while sent < bytes.count {
      // Stays within the array: `sent` is below its count.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe cvhost_send(
          descriptor, $0.baseAddress! + sent, $0.count - sent, descriptors, sent == 0 ? descriptors.count : 0)
      }
      if count > 0 { sent += count } else if cvhost_ready(descriptor, 1, 10_000_000_000) <= 0 { return }
      // The other side has hung up.
      if count < 0, Int32(clamping: count) != -EAGAIN { return }
    }
  }

  /// An answer: its header's words and its payload. nil when none comes.
  func answer() -> (header: [UInt32], payload: [UInt8])? {
    guard let header = receive(12) else { return nil }
    let words = (0..<3).map { Self.word(header, 4 * $0) }
    return receive(Int(words[2])).map { (words, $0) }
  }

  static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }

  private func receive(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      guard cvhost_ready(descriptor, 0, 10_000_000_000) > 0 else { return nil }
      var closed: Int32 = 0
      // Stays within the array: `done` is below its count.
      let length = unsafe bytes.withUnsafeMutableBytes {
        unsafe cvhost_receive(descriptor, $0.baseAddress! + done, $0.count - done, &closed)
      }
      if length <= 0 { return nil }
      done += length
    }
    return bytes
  }

  func finish() { cvhost_finish_sending(descriptor) }

  /// Whether the display hangs up.
  func isLetGo() -> Bool { receive(1) == nil && cvhost_is_closed(descriptor) == 1 }
}
