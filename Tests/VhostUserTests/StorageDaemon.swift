import Foundation
import Glibc
import VhostUser
import VirtIO

/// A `qemu-storage-daemon` with one exported disk, and the folder with its socket. Both go with this object.
// Unchecked: what changes is behind the lock.
final class StorageDaemon: @unchecked Sendable {
  let folder: URL
  let socketPath: String
  private let blockOptions: String
  private let exportOptions: String
  private let lock = NSLock()
  private var process: Process?

  /// - Parameters:
  ///   - disk: of `--blockdev`, without the node's name.
  ///   - export: more options of `--export`.
  init(disk: String, export: String = "writable=on") throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("vhost-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    socketPath = folder.appendingPathComponent("disk.sock").path
    blockOptions = disk.replacingOccurrences(of: "FOLDER", with: folder.path)
    exportOptions = export
    try start()
  }

  deinit {
    kill()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Starts the program; its socket is there some milliseconds later.
  func start() throws {
    lock.lock()
    defer { lock.unlock() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      // Ends with the test process, whatever becomes of that.
      "setpriv", "--pdeathsig", "KILL", "qemu-storage-daemon", "--blockdev", "\(blockOptions),node-name=disk",
      "--export",
      "type=vhost-user-blk,id=export,node-name=disk,addr.type=unix,addr.path=\(socketPath),\(exportOptions)",
    ]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    self.process = process
  }

  /// Ends it without warning.
  func kill() {
    lock.lock()
    defer { lock.unlock() }
    guard let process else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    self.process = nil
  }

  /// Lets it stand still, or go on.
  func pause(_ isPaused: Bool) {
    lock.lock()
    defer { lock.unlock() }
    if let process { Glibc.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT) }
  }

  /// Connects, as soon as it listens.
  func connect(_ options: VhostUserOptions = VhostUserOptions()) throws -> VhostUserDevice {
    let deadline = Date() + 10
    while true {
      do {
        return try VhostUserDevice(path: socketPath, type: .block, options: options)
      } catch {
        guard case .unreachable = error, Date() < deadline else { throw error }
        usleep(5_000)
      }
    }
  }
}
