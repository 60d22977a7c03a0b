import Foundation

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

/// `qemu-storage-daemon` on processor 1 with a disk that reads as zeroes, in a folder of its own. It ends with this
/// program, however that ends.
final class NullDisk {
  let socket: String
  private let folder: URL
  private let process = Process()

  init() throws {
    guard isInstalled("qemu-storage-daemon") else {
      throw BenchFailure(description: "qemu-storage-daemon is not installed: apt-get install qemu-system-common")
    }
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("vhost-bench-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    socket = folder.appendingPathComponent("disk.sock").path
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "setpriv", "--pdeathsig", "KILL", "taskset", "-c", "1", "qemu-storage-daemon", "--object",
      "iothread,id=thread,poll-max-ns=0", "--blockdev",
      "driver=null-co,node-name=disk,size=1073741824,read-zeroes=on", "--export",
      "type=vhost-user-blk,id=export,node-name=disk,addr.type=unix,addr.path=\(socket),writable=on,iothread=thread",
    ]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let deadline = Date() + 10
    while !FileManager.default.fileExists(atPath: socket) {
      guard process.isRunning, Date() < deadline else {
        throw BenchFailure(description: "qemu-storage-daemon did not open its socket")
      }
      usleep(5_000)
    }
    usleep(50_000)
  }

  deinit {
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    try? FileManager.default.removeItem(at: folder)
  }
}
