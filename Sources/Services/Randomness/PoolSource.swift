/// Names a source of an `EntropyPool`.
public struct PoolSource: Hashable, Sendable {
  /// 0 for the source that was added first, and so on.
  public let number: Int
}

/// How a source is.
public enum SourceHealth: Equatable, Sendable {
  /// Its first samples are being tested; none of them is used. How many are still to come.
  case starting(samplesLeft: Int)
  /// What it gives is used.
  case good
  /// It failed a test. Nothing that it gives is used until it is restarted.
  case failed(SourceFailure)
}

/// What a pool keeps of one source.
struct SourceState {
  let bitsPerByte: Int
  var tests: HealthTests
  var health: SourceHealth
  /// Bytes that wait for the next seeding, in the source's own part of the pool.
  var pendingCount = 0
  /// Their entropy.
  var pendingBits: Int { pendingCount * bitsPerByte }
  /// Bytes that were offered and tested.
  var testedByteCount: UInt64 = 0

  init(bitsPerByte: Int) {
    self.bitsPerByte = bitsPerByte
    tests = HealthTests(bitsPerSample: bitsPerByte)
    health = .starting(samplesLeft: HealthTests.startUpSampleCount)
  }

  /// Tests one byte; true when it may be used.
  mutating func accept(_ byte: UInt8) -> Bool {
    testedByteCount &+= 1
    if case .failed = health { return false }
    if let failure = tests.test(byte) {
      health = .failed(failure)
      // What it gave before is in doubt.
      pendingCount = 0
      return false
    }
    guard case .starting(let left) = health else { return true }
    health = left > 1 ? .starting(samplesLeft: left - 1) : .good
    return false
  }
}
