// What two guests are measured at.

/// A boot that reads the first disk.
enum PeerWork {
  /// So many reads of 4 KiB, one after the other, while instructions are counted.
  case reads(Int)
  /// Reads at depth 1 and 32 and in sequence, each for so many milliseconds.
  case rates(milliseconds: Int)

  /// The word on a kernel's command line; ours and the peer's differ in what stands before the dot only.
  var word: String {
    switch self {
    case .reads(let count): "reads=\(count)"
    case .rates(let milliseconds): "rates=\(milliseconds)"
    }
  }

  var isCounted: Bool { if case .reads = self { true } else { false } }
}

/// What a boot told.
struct PeerResult {
  var figures: BenchFigures
  /// Instructions that the guest has executed in all, if they were counted.
  var instructions: Int?

  func value(_ name: String) -> Int? { figures.values.first { $0.name == name }?.value }
}
