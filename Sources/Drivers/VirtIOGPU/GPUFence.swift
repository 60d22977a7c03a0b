/// Names commands that were handed to a GPU, from their submission on.
public struct GPUFence: Equatable, Hashable, Sendable {
  /// The first and the last one's numbers.
  let first, last: UInt64
}

/// How far the commands of a fence are.
public enum GPUFenceState: Equatable, Sendable {
  /// The device has at least one of them.
  case pending
  /// All of them were carried out.
  case done
  /// One of them was not; the first that was told.
  case failed(GPUError)
}

/// Answers that were no: the last few, until somebody asks.
struct GPUFailures {
  private var entries = [(fence: UInt64, error: GPUError)](repeating: (0, .deviceReset), count: 8)
  private var next = 0
  /// All there were.
  private(set) var count: UInt64 = 0

  mutating func add(_ error: GPUError, _ fence: UInt64) {
    entries[next] = (fence, error)
    next = (next + 1) % entries.count
    count &+= 1
  }

  /// The first one among these commands.
  func error(of fence: GPUFence) -> GPUError? {
    var found: (fence: UInt64, error: GPUError)?
    for entry in entries where entry.fence >= fence.first && entry.fence <= fence.last {
      if entry.fence < found?.fence ?? .max { found = entry }
    }
    return found?.error
  }
}
