/// The continuous health tests of NIST SP 800-90B, section 4.4, for samples of one byte: is the source stuck, or has it
/// lost much of its entropy?
///
/// Cut-offs are for a chance of 2^-30 that a source as good as claimed is refused, at any one sample.
struct HealthTests {
  /// Samples of one window of the adaptive proportion test, for samples that are not bits.
  static let windowSize = 512
  /// Samples that a source has to pass before the first is used (section 4.3).
  static let startUpSampleCount = 1024

  private let repetitionCutoff: Int
  private let proportionCutoff: Int
  private var last: UInt8 = 0
  private var repetitions = 0
  private var watched: UInt8 = 0
  private var occurrences = 0
  private var position = 0

  /// Tests for a source with this min-entropy.
  ///
  /// - Parameter bitsPerSample: 1 ... 8.
  init(bitsPerSample: Int) {
    precondition(1...8 ~= bitsPerSample, "a byte has 1 to 8 bits of entropy")
    repetitionCutoff = Self.repetitionCutoff(bitsPerSample)
    proportionCutoff = Self.proportionCutoff(bitsPerSample)
  }

  /// 1 + ceiling(30 / H): section 4.4.1.
  static func repetitionCutoff(_ bitsPerSample: Int) -> Int { 1 + (30 + bitsPerSample - 1) / bitsPerSample }

  /// 1 + critbinom(512, 2^-H, 1 - 2^-30): section 4.4.2.
  static func proportionCutoff(_ bitsPerSample: Int) -> Int {
    switch bitsPerSample {
    case 1: 325
    case 2: 190
    case 3: 114
    case 4: 71
    case 5: 46
    case 6: 31
    case 7: 22
    default: 16
    }
  }

  /// Takes the next sample; not nil when a test fails with it.
  mutating func test(_ sample: UInt8) -> SourceFailure? {
    if repetitions > 0, sample == last { repetitions += 1 } else { repetitions = 1 }
    last = sample
    if repetitions >= repetitionCutoff { return .repeated(byte: sample, count: repetitions) }
    if position == 0 {
      watched = sample
      occurrences = 1
    } else if sample == watched {
      occurrences += 1
      if occurrences >= proportionCutoff {
        return .tooFrequent(byte: sample, count: occurrences, window: Self.windowSize)
      }
    }
    position = (position + 1) % Self.windowSize
    return nil
  }
}

/// How a source failed its health tests.
public enum SourceFailure: Error, Equatable, Sendable {
  /// The repetition count test: the same byte too many times in a row.
  case repeated(byte: UInt8, count: Int)
  /// The adaptive proportion test: the same byte too often among the samples of a window.
  case tooFrequent(byte: UInt8, count: Int, window: Int)

  /// The failure in one line.
  public var words: String {
    switch self {
    case .repeated(let byte, let count): "the source is stuck: byte \(byte) came \(count) times in a row"
    case .tooFrequent(let byte, let count, let window):
      "the source is not random enough: byte \(byte) came \(count) times within \(window) samples"
    }
  }
}
