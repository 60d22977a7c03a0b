import Foundation
import VirtualMachine

/// Runs a program to its end and returns what it printed. Its standard error goes to ours.
func output(of program: String, _ arguments: [String]) throws -> String {
  let child = Process()
  child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  child.arguments = [program] + arguments
  child.standardInput = FileHandle.nullDevice
  let output = Pipe()
  child.standardOutput = output
  try child.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  child.waitUntilExit()
  guard child.terminationReason == .exit, child.terminationStatus == 0 else {
    throw BenchFailure(description: "\(program) \(arguments.joined(separator: " ")): status \(child.terminationStatus)")
  }
  return String(decoding: data, as: UTF8.self)
}

/// Whether a program is to be found.
func isInstalled(_ program: String) -> Bool {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
}

/// This program's own file.
let ownPath = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path

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
    _ = try output(of: "taskset", ["-a", "-c", "-p", "1", "\(daemon.process.processID)"])
  }
}
