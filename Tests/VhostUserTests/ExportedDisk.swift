import Synchronization
import VhostUser
import VirtIO
import VirtualMachine

/// A disk that `qemu-storage-daemon` exports at a path. Daemon, socket and folder go with this object, and with this
/// process however that ends.
final class ExportedDisk: Sendable {
  let socketPath: String
  private let folder: TemporaryFolder
  private let arguments: [String]
  private let files: [MemoryFile]
  private let daemon: Mutex<StorageDaemon?>

  /// - Parameters:
  ///   - disk: of `--blockdev`, without the node's name.
  ///   - files: what the disk lies in; `path(ofFile:)` of `StorageDaemon` names them.
  ///   - export: more options of `--export`.
  init(_ disk: String, files: [MemoryFile] = [], export: String = "writable=on") throws {
    folder = try TemporaryFolder()
    socketPath = folder.path("disk.sock")
    self.files = files
    arguments = [
      "--blockdev", "\(disk),node-name=disk", "--export",
      "type=vhost-user-blk,id=export,node-name=disk,addr.type=unix,addr.path=\(socketPath),\(export)",
    ]
    daemon = Mutex(nil)
    try start()
  }

  /// Starts the daemon; it listens when this returns.
  func start() throws {
    let fresh = try StorageDaemon(arguments, files: files)
    daemon.withLock { $0 = fresh }
  }

  /// Ends it without warning. Its socket stays behind.
  func kill() { daemon.withLock { $0?.process.kill() } }

  /// Lets it stand still.
  func freeze() { daemon.withLock { $0?.process.freeze() } }

  func connect(_ options: VhostUserOptions = VhostUserOptions()) throws -> VhostUserDevice {
    try VhostUserDevice(path: socketPath, type: .block, options: options)
  }
}
