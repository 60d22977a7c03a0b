import Glibc
import QTest
import VirtualMachine

/// The other end of an emulated network card's cable: a stream on which each frame has its length, four bytes with the
/// highest first, in front.
final class Cable {
  private let ours: SocketEnd
  /// The emulator's end.
  let theirs: SocketEnd
  private var received: [UInt8] = []

  init() throws { (ours, theirs) = try SocketEnd.pair() }

  /// What makes the cable, for `-netdev`: as `net0` where it is the machine's first file.
  static func backend(file: Int) -> String {
    "stream,id=net\(file),addr.type=fd,addr.str=\(QTestMachine.descriptor(ofFile: file))"
  }

  /// Puts a frame on the wire.
  func send(_ frame: [UInt8]) throws {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: frame.count >> (24 - 8 * $0)) } + frame
    var sent = 0
    while sent < bytes.count {
      // Stays within the array: `sent` is below its count.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          ours.descriptor, $0.baseAddress.unsafelyUnwrapped + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count >= 0 || errno == EAGAIN else {
        throw VirtualMachineError.system(doing: "sending a frame", errno: errno)
      }
      sent += max(0, count)
    }
  }

  /// The next frame off the wire, if it is there.
  func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    // As many bytes as the array has.
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe recv(ours.descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
    }
    if count > 0 { received += buffer[..<count] }
    guard received.count >= 4 else { return nil }
    let size = received[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard received.count >= 4 + size else { return nil }
    defer { received.removeFirst(4 + size) }
    return Array(received[4..<4 + size])
  }

  /// The emulator has taken everything that was sent, and what it does with it comes before its next answer.
  var isTaken: Bool {
    var count: Int32 = 0
    // A local variable, as large as the call's answer.
    return unsafe ioctl(ours.descriptor, UInt(TIOCOUTQ), &count) == 0 && count == 0
  }
}
