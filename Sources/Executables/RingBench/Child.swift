import Foundation

struct ChildFailure: Error, CustomStringConvertible { let description: String }

/// Runs a program and returns what it printed. Its standard error goes to ours.
func run(_ program: String, _ arguments: [String]) throws -> String {
  let child = Process()
  child.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  child.arguments = [program] + arguments
  let output = Pipe()
  child.standardOutput = output
  try child.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  child.waitUntilExit()
  guard child.terminationReason == .exit, child.terminationStatus == 0 else {
    throw ChildFailure(description: "\(program) \(arguments.joined(separator: " ")): status \(child.terminationStatus)")
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

/// A folder that is gone when `body` is done.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ring-bench-\(getpid())")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}
