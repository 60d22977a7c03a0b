// Where a trace goes.

import DevicePlatform
import Foundation
import Synchronization
import VhostUser

/// A file of lines, each with the seconds since the first.
final class TraceFile: Sendable {
  private let file: FileHandle
  private let path: String
  private let start = LinuxClock().now
  private let state = Mutex((pending: Data(), isBroken: false))
  private static let chunk = 64 << 10
  /// The command's own, for its end.
  private static let current = Mutex<TraceFile?>(nil)

  init(path: String) throws(UsageError) {
    // What is there is written to, whatever it is: to create a file would put one in the place of a device or a socket.
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw UsageError("--trace '\(path)': cannot be written; expected a file in a folder that exists")
    }
    // Of a pipe or a device nothing can be cut off, nor has it to be.
    try? file.truncate(atOffset: 0)
    self.file = file
    self.path = path
    Self.current.withLock { $0 = self }
  }

  /// Writes the last lines. The tool calls it when it ends, also by a signal.
  static func finish() { current.withLock { $0 }?.flush() }

  /// Adds a line.
  @Sendable func write(_ line: String) {
    let span = (LinuxClock().now - start).nanoseconds
    let time = String(format: "%4llu.%06llu ", span / 1_000_000_000, span % 1_000_000_000 / 1_000)
    let isFull = state.withLock { state in
      state.pending.append(contentsOf: Array("\(time)\(line)\n".utf8))
      return state.pending.count >= Self.chunk
    }
    if isFull { flush() }
  }

  private func flush() {
    state.withLock { state in
      defer { state.pending = Data() }
      if state.isBroken { return }
      do {
        try file.write(contentsOf: state.pending)
      } catch {
        // Loses the trace and nothing else.
        state.isBroken = true
        Terminal.progress("--trace '\(path)' is not whole: \(Terminal.reason(error))")
      }
    }
  }
}
