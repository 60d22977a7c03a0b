// How a transfer goes on, on standard error.

import DevicePlatform
import Foundation

struct TransferProgress {
  private let verb: String
  private let byteCount: UInt64?
  private let start: MonotonicTime
  private var last: MonotonicTime
  private var done: UInt64 = 0

  /// - Parameter byteCount: of the whole; nil when nobody knows.
  init(verb: String, byteCount: UInt64?, from start: MonotonicTime) {
    self.verb = verb
    self.byteCount = byteCount
    self.start = start
    last = start
  }

  /// Counts bytes, and says so once a second.
  mutating func add(_ count: Int, at now: MonotonicTime) {
    done += UInt64(count)
    guard now - last >= .seconds(1) else { return }
    last = now
    let whole = byteCount.map { " of \($0)" } ?? ""
    Terminal.progress("\(verb) \(done)\(whole) bytes")
  }

  func finish(at now: MonotonicTime) {
    let seconds = Double((now - start).nanoseconds) / 1e9
    Terminal.progress(
      "\(verb) \(done) bytes in \(String(format: "%.2f", seconds)) s"
        + String(format: " (%.0f MB/s)", Double(done) / 1e6 / max(seconds, 1e-9)))
  }
}
