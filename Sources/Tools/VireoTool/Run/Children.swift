// Programs that the tool starts. None outlives the tool.

import Dispatch
import Foundation
import Synchronization

/// The children that run at present, each ended by its process id when the tool is interrupted.
enum Children {
  private struct State {
    var running: Set<Int32> = []
    var isEnding = false
  }

  private static let state = Mutex(State())
  /// Held over a start: a child started meanwhile could inherit the other's pipe, and keep it open.
  private static let starting = Mutex(())

  static func start(_ process: Process) throws {
    try starting.withLock { _ in
      guard !state.withLock({ $0.isEnding }) else { throw ToolError("interrupted", status: 130) }
      try process.run()
      let pid = process.processIdentifier
      let isEnding = state.withLock { state in
        state.running.insert(pid)
        return state.isEnding
      }
      if isEnding { kill(pid, SIGKILL) }
    }
  }

  static func wait(for process: Process) -> Int32 {
    process.waitUntilExit()
    state.withLock { _ = $0.running.remove(process.processIdentifier) }
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }

  /// Installs the handlers of SIGINT, SIGTERM and SIGHUP; a closed standard output becomes an error of the write.
  static func endOnSignals() -> [any DispatchSourceSignal] {
    signal(SIGPIPE, SIG_IGN)
    return [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let running = state.withLock { state in
          state.isEnding = true
          return state.running
        }
        for pid in running { kill(pid, SIGKILL) }
        Terminal.progress("interrupted; ended \(running.count) running program(s)")
        exit(128 + number)
      }
      source.resume()
      return source
    }
  }

  /// Runs a program to its end with its standard output on our standard error.
  ///
  /// - Returns: its exit status.
  static func run(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.standardError
    process.standardInput = FileHandle.nullDevice
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try start(process)
    return wait(for: process)
  }

  /// Runs a program to its end and returns what it wrote to its standard output.
  static func output(of arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try start(process)
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    return (wait(for: process), String(decoding: data, as: UTF8.self))
  }

  /// The path of a program that can be run, or nil.
  static func find(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
