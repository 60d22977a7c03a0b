import Foundation
import VirtualMachine

/// A disk of `qemu-storage-daemon` that reads as zeroes, with all of the daemon's threads on processor 1. Nothing of it is
/// left when this program has ended, however that ends.
struct NullDisk {
  let socket: String
  private let folder: TemporaryFolder
  private let daemon: StorageDaemon

  init() throws {
    folder = try TemporaryFolder()
    socket = folder.path("disk.sock")
    daemon = try StorageDaemon([
      "--object", "iothread,id=thread,poll-max-ns=0", "--blockdev",
      "driver=null-co,node-name=disk,size=1073741824,read-zeroes=on", "--export",
      "type=vhost-user-blk,id=export,node-name=disk,addr.type=unix,addr.path=\(socket),writable=on,iothread=thread",
    ])
    _ = try ChildProcess.output(of: "taskset", ["-a", "-c", "-p", "1", "\(daemon.process.processID)"])
  }
}
