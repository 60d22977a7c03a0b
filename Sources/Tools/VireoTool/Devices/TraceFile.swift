// Where a trace goes.

import DevicePlatform
import Foundation
import Synchronization
import VhostUser

/// A file of lines, each with the seconds since the first.
final class TraceFile: Sendable {
  private let file: FileHandle
  private let start = LinuxClock().now
  private let pending = Mutex(Data())
  private static let chunk = 64 << 10

  init(path: String) throws(UsageError) {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else { throw UsageError("--trace '\(path)': cannot be written; expected a file in a folder that exists") }
    self.file = file
  }

  deinit { pending.withLock { try? file.write(contentsOf: $0) } }

  /// Adds a line. The last lines are there when the tool has ended.
  @Sendable func write(_ line: String) {
    let span = (LinuxClock().now - start).nanoseconds
    let time = String(format: "%4llu.%06llu ", span / 1_000_000_000, span % 1_000_000_000 / 1_000)
    pending.withLock { data in
      data.append(contentsOf: Array("\(time)\(line)\n".utf8))
      if data.count >= Self.chunk {
        // A full disk loses the trace and nothing else.
        try? file.write(contentsOf: data)
        data = Data()
      }
    }
  }
}
