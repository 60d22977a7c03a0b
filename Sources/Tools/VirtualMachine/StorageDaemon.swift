/// A running `qemu-storage-daemon`: disks that other programs use, without a machine. It leaves nothing behind, however
/// this process ends.
///
///     let disk = try MemoryFile(byteCount: 1 << 20)
///     let daemon = try StorageDaemon(
///       ["--blockdev", "driver=file,node-name=f0,filename=\(StorageDaemon.path(ofFile: 0))"],
///       exports: [.vhostUserBlock(node: "f0")], files: [disk])
///     let connection = try daemon.connect(toExport: 0)   // speaks vhost-user; no socket has a path
///     daemon.process.kill()                              // a back-end that dies
///
/// The last reference ends the daemon.
public final class StorageDaemon: Sendable {
  /// What other programs get.
  public enum Export: Sendable {
    /// A vhost-user block device.
    case vhostUserBlock(node: String, isWritable: Bool = true, queueCount: Int = 1)
    /// An NBD server with one export of the node's name. One per daemon.
    case nbd(node: String, isWritable: Bool = true)
  }

  /// The monitor.
  public let monitor: QMPConnection
  /// The process.
  public let process: ChildProcess
  private let listeners: [Listener]

  /// The monitor's socket comes before the caller's files.
  private static let ownFiles = 1

  /// How the arguments name one of the files where a path is expected.
  public static func path(ofFile index: Int) -> String { ChildProcess.Command.path(ofFile: index + ownFiles) }

  /// Starts the daemon and waits until its monitor answers: its exports can be connected to then.
  ///
  /// - Parameters:
  ///   - arguments: further ones: `--blockdev`, `--object`, exports at a path, ...
  ///   - exports: made in this order, each with a socket of its own that has no path.
  ///   - files: what the daemon inherits.
  ///   - program: the daemon's name or path.
  public init(
    _ arguments: [String], exports: [Export] = [], files: [any InheritedFile] = [],
    program: String = "qemu-storage-daemon"
  ) throws(VirtualMachineError) {
    let (ours, theirs) = try SocketEnd.pair()
    var listeners: [Listener] = []
    var words = ["--chardev", "socket,id=vm-monitor,fd=\(ChildProcess.Command.descriptor(ofFile: 0))"]
    words += ["--monitor", "chardev=vm-monitor"] + arguments
    for (index, export) in exports.enumerated() {
      listeners.append(try Listener())
      let descriptor = ChildProcess.Command.descriptor(ofFile: Self.ownFiles + files.count + index)
      words += export.arguments(id: "export\(index)", address: "addr.type=fd,addr.str=\(descriptor)")
    }
    process = try ChildProcess(.init(program, words, files: [theirs] + files + listeners))
    theirs.close()
    // The daemon has its own; with ours closed, connections are refused when it is gone.
    for listener in listeners { listener.close() }
    self.listeners = listeners
    monitor = try QMPConnection(ours, process: process, timeout: 20_000)
  }

  deinit { stop() }

  /// A new connection to an export, which does not block.
  public func connect(toExport index: Int) throws(VirtualMachineError) -> SocketEnd { try listeners[index].connect() }

  /// Ends the daemon.
  @discardableResult
  public func stop() -> VirtualMachineError.ExitStatus? { process.stop(askedBy: monitor) }
}

extension StorageDaemon.Export {
  fileprivate func arguments(id: String, address: String) -> [String] {
    switch self {
    case .vhostUserBlock(let node, let isWritable, let queueCount):
      [
        "--export",
        "type=vhost-user-blk,id=\(id),node-name=\(node),writable=\(isWritable ? "on" : "off"),"
          + "num-queues=\(queueCount),\(address)",
      ]
    case .nbd(let node, let isWritable):
      [
        "--nbd-server", address,
        "--export", "type=nbd,id=\(id),node-name=\(node),name=\(node),writable=\(isWritable ? "on" : "off")",
      ]
    }
  }
}
