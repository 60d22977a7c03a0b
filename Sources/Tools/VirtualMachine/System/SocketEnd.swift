import CVirtualMachine
import Glibc
import Synchronization

/// Something that a program can inherit as an open descriptor: no path, so nothing to clean up.
public protocol InheritedFile: AnyObject, Sendable {
  /// The descriptor in this process: what a program is given a copy of.
  var descriptor: Int32 { get }
}

/// One end of a stream socket. The last reference closes it.
public final class SocketEnd: InheritedFile {
  private let open: Mutex<Int32>

  /// Takes over a descriptor.
  init(descriptor: Int32) { open = Mutex(descriptor) }

  deinit { close() }

  /// The descriptor; -1 once it is closed.
  public var descriptor: Int32 { open.withLock { $0 } }

  /// Closes it here; a program that has inherited it still has its own. Necessary for the other end to see the
  /// program's end.
  public func close() {
    open.withLock {
      if $0 >= 0 { _ = Glibc.close($0) }
      $0 = -1
    }
  }

  /// Gives the descriptor away: it is the caller's to close.
  public func take() -> Int32 {
    open.withLock { descriptor in
      defer { descriptor = -1 }
      return descriptor
    }
  }

  /// A connected pair: one for this process, which does not block, and one for a program.
  public static func pair() throws(VirtualMachineError) -> (ours: SocketEnd, theirs: SocketEnd) {
    var ends: [Int32] = [-1, -1]
    // Room for the two that the call writes.
    let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe vm_socket_pair($0.baseAddress) }
    guard result == 0 else { throw .system(doing: "making a socket pair", errno: -result) }
    return (SocketEnd(descriptor: ends[0]), SocketEnd(descriptor: ends[1]))
  }

  /// Makes room for what the program at this end writes byte by byte, as far as the system lets us. A byte sent alone takes
  /// some 770 bytes of the buffer, so the usual one is full after 277; and QEMU throws away what a guest writes to a
  /// console's emergency register then.
  func enlargeSendBuffer() {
    let byteCount: Int32 = 4 << 20
    // The first needs a privilege and knows no limit.
    for option in [SO_SNDBUFFORCE, SO_SNDBUF] {
      let result = unsafe withUnsafeBytes(of: byteCount) {
        unsafe setsockopt(descriptor, SOL_SOCKET, option, $0.baseAddress, socklen_t($0.count))
      }
      if result == 0 { return }
    }
  }

  /// Sends all bytes.
  func send(_ bytes: [UInt8], name: String, within limit: Duration) throws(VirtualMachineError) {
    let deadline = ContinuousClock.now + limit
    var sent = 0
    while sent < bytes.count {
      // Stays within the array: `sent` is below its count.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress.unsafelyUnwrapped + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EPIPE || errno == ECONNRESET || errno == EBADF {
        throw .connectionClosed(name)
      } else if errno == EAGAIN {
        guard isReady(forWriting: true, until: deadline) else {
          throw .deadlinePassed(waitingFor: "room in \(name)", milliseconds: limit.milliseconds)
        }
      } else if errno != EINTR {
        throw .system(doing: "sending to \(name)", errno: errno)
      }
    }
  }

  /// True when the socket is ready (or at its end), false when the deadline passed.
  func isReady(forWriting isWriting: Bool, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      let ready = vm_ready(descriptor, isWriting ? 1 : 0, (deadline - .now).nanoseconds)
      if ready != -EINTR { return ready > 0 }
    }
  }
}

/// A listening stream socket without a path: an abstract address that the kernel has picked. A daemon inherits it and
/// accepts; `connect` reaches it, also before the daemon runs.
///
/// QEMU's programs take it as an address of type `fd`, as in
/// `--export type=vhost-user-blk,...,addr.type=fd,addr.str=\(ChildProcess.Command.descriptor(ofFile: 0))`.
public final class Listener: InheritedFile {
  private let end: SocketEnd
  /// The address: bytes, no text.
  private let name: [CChar]

  /// Listens.
  public init() throws(VirtualMachineError) {
    var name = [CChar](repeating: 0, count: Int(VM_NAME_LIMIT))
    var length: Int32 = 0
    // As large as the call expects.
    let descriptor = unsafe name.withUnsafeMutableBufferPointer { unsafe vm_listen($0.baseAddress, &length) }
    guard descriptor >= 0 else { throw .system(doing: "listening", errno: -descriptor) }
    end = SocketEnd(descriptor: descriptor)
    self.name = Array(name.prefix(Int(length)))
  }

  /// The listening descriptor; -1 once it is closed here.
  public var descriptor: Int32 { end.descriptor }

  /// A new connection, which does not block. It waits in line until somebody accepts it, and is refused when nobody has
  /// the listening socket any more.
  public func connect() throws(VirtualMachineError) -> SocketEnd {
    // The call reads that many bytes.
    let connection = unsafe name.withUnsafeBufferPointer { unsafe vm_connect($0.baseAddress, Int32($0.count)) }
    guard connection >= 0 else { throw .system(doing: "connecting", errno: -connection) }
    return SocketEnd(descriptor: connection)
  }

  /// Closes it here: when the daemon that has inherited it ends, connections are refused.
  public func close() { end.close() }
}
