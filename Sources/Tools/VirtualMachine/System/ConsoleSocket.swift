import Glibc

/// A console of an emulator, from here: what is written there, and what is typed.
///
///     let console = try ConsoleSocket()
///     ["-chardev", "socket,id=c0,fd=\(Emulator.descriptor(ofFile: 0))", "-device", "virtconsole,chardev=c0"]
///     // files: [console.inherited]; when the emulator has started:
///     console.closeInherited()
public final class ConsoleSocket: Sendable {
  private let ours: SocketEnd
  private let theirs: SocketEnd

  /// A socket that nobody has yet.
  public init() throws(VirtualMachineError) {
    (ours, theirs) = try SocketEnd.pair()
    theirs.enlargeSendBuffer()
  }

  /// What the emulator gets.
  public var inherited: any InheritedFile { theirs }

  /// The emulator has it now: when it ends, so does the output here.
  public func closeInherited() { theirs.close() }

  /// Waits for bytes, and takes those that are there; none at the end.
  ///
  /// - Throws: `deadlinePassed` when none came in time.
  public func takeOutput(within limit: Duration) throws(VirtualMachineError) -> [UInt8] {
    guard ours.isReady(forWriting: false, until: .now + limit) else {
      throw .deadlinePassed(waitingFor: "output on a console", milliseconds: limit.milliseconds)
    }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    // Room for as many as are asked for.
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(ours.descriptor, $0.baseAddress, $0.count, 0) }
    if count < 0 {
      // Nothing after all, as the socket does not block; or the other end is gone.
      if errno == EAGAIN || errno == EINTR { return try takeOutput(within: limit) }
      if errno == ECONNRESET { return [] }
      throw .system(doing: "reading a console", errno: errno)
    }
    return Array(bytes.prefix(count))
  }

  /// Types.
  public func send(_ bytes: [UInt8], within limit: Duration) throws(VirtualMachineError) {
    try ours.send(bytes, name: "a console", within: limit)
  }
}
