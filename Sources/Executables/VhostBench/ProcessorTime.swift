import Foundation
import VirtualMachine

/// What a process has used of its processor, as the kernel counts it.
enum ProcessorTime {
  /// Of all threads of a process that runs, in nanoseconds: `schedstat` of each.
  static func ofProcess(_ process: ChildProcess) -> UInt64 {
    let folder = "/proc/\(process.processID)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return threads.reduce(0) { sum, thread in
      let text = (try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)) ?? ""
      return sum + (text.split(separator: " ").first.flatMap { UInt64($0) } ?? 0)
    }
  }
}
