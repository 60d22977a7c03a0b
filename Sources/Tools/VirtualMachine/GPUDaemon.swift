import Foundation

/// A running `vhost-user-gpu`: a GPU in two dimensions without a machine, for one front-end; it ends when that hangs up. It
/// leaves nothing behind, however this process ends, but for a socket that it was told to listen on.
///
/// The last reference ends it.
public final class GPUDaemon: Sendable {
  /// The process.
  public let process: ChildProcess
  private let end: SocketEnd?

  /// Where distributions have the program; it is in no search path.
  private static let places = ["/usr/lib/qemu", "/usr/libexec", "/usr/libexec/qemu", "/usr/lib/qemu-kvm"]

  /// The program's path, or its name where it was not found.
  public static var program: String {
    let name = "vhost-user-gpu"
    return places.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) } ?? name
  }

  /// Starts it, connected to this process. No socket has a path.
  public init() throws(VirtualMachineError) {
    let (ours, theirs) = try SocketEnd.pair()
    let descriptor = ChildProcess.Command.descriptor(ofFile: 0)
    process = try ChildProcess(.init(Self.program, ["--fd=\(descriptor)"], files: [theirs]))
    theirs.close()
    end = ours
  }

  /// Starts it; it listens at the path when this returns, for one connection.
  public init(socketPath: String) throws(VirtualMachineError) {
    process = try ChildProcess(.init(Self.program, ["--socket-path=\(socketPath)"]))
    end = nil
    let deadline = ContinuousClock.now + .seconds(10)
    while !Self.isListening(at: socketPath) {
      if let status = process.status {
        throw .ended(program: process.program, status: status, standardError: process.standardError)
      }
      guard ContinuousClock.now < deadline else {
        throw .deadlinePassed(waitingFor: "vhost-user-gpu to listen", milliseconds: 10_000)
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  deinit { process.kill() }

  /// The connection, for whoever is in front: it does not block, and is the caller's to close. Once; nil otherwise, and
  /// where it listens.
  public func takeConnection() -> Int32? {
    let descriptor = end?.take() ?? -1
    return descriptor < 0 ? nil : descriptor
  }

  /// As the kernel has it: to try would use the one connection up.
  private static func isListening(at path: String) -> Bool {
    let listening = "00010000"
    let sockets = (try? String(contentsOfFile: "/proc/net/unix", encoding: .utf8)) ?? ""
    return sockets.split(separator: "\n").contains { line in
      line.hasSuffix(" \(path)") && line.split(separator: " ").dropFirst(3).first == listening[...]
    }
  }
}
