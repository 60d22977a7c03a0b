import Foundation
import Testing

@testable import Randomness

/// The health tests' cut-offs and what they catch.
struct HealthTestsTests {
  /// The standard's formula, in floating point.
  private func criticalValue(_ bitsPerSample: Int) -> Int {
    let p = pow(2, -Double(bitsPerSample))
    var probability = pow(1 - p, 512)
    var sum = probability
    var count = 0
    while sum < 1 - pow(2, -30) {
      probability *= Double(512 - count) / Double(count + 1) * p / (1 - p)
      sum += probability
      count += 1
    }
    return count
  }

  @Test(arguments: 1...8) func cutoffs_areTheStandardsFormulas(bits: Int) {
    #expect(HealthTests.repetitionCutoff(bits) == 1 + Int((30 / Double(bits)).rounded(.up)))
    #expect(HealthTests.proportionCutoff(bits) == 1 + criticalValue(bits))
  }

  @Test(arguments: 1...8) func stuckSource_failsAtTheCutoffAndNotBefore(bits: Int) {
    var tests = HealthTests(bitsPerSample: bits)
    var noise = NoiseSource(state: 5)
    for byte in noise.next(100) { #expect(tests.test(byte | 1) == nil) }
    let cutoff = HealthTests.repetitionCutoff(bits)
    for _ in 1..<cutoff { #expect(tests.test(0) == nil) }
    #expect(tests.test(0) == .repeated(byte: 0, count: cutoff))
  }

  @Test(arguments: 1...8) func oneByteTooOften_failsAtTheCutoffAndNotBefore(bits: Int) {
    // The watched byte at every other place: never twice in a row.
    var tests = HealthTests(bitsPerSample: bits)
    let cutoff = HealthTests.proportionCutoff(bits)
    var seen = 0
    var failure: SourceFailure?
    for index in 0..<512 where failure == nil {
      let isWatched = index % 2 == 0 || bits == 1 && index % 4 == 1
      if isWatched { seen += 1 }
      failure = tests.test(isWatched ? 7 : UInt8(8 + index % 200))
    }
    #expect(failure == .tooFrequent(byte: 7, count: cutoff, window: 512))
    #expect(seen == cutoff)
  }

  @Test func oneByteTooOften_acrossTheWindowsEdge_isCountedAnew() {
    var tests = HealthTests(bitsPerSample: 8)
    // 15 in one window, 15 in the next: one less than the cut-off each.
    for window in 0..<2 {
      for index in 0..<512 {
        let isWatched = index % 30 == 0 && index < 450
        let other = UInt8(truncatingIfNeeded: 1 + (window * 512 + index) % 200)
        #expect(tests.test(isWatched ? 0 : other) == nil)
      }
    }
  }

  @Test(arguments: 1...8) func goodSource_passesManySamples(bits: Int) {
    var tests = HealthTests(bitsPerSample: bits)
    var noise = NoiseSource(state: 77)
    var failures = 0
    for byte in noise.next(200_000) where tests.test(byte) != nil { failures += 1 }
    #expect(failures == 0)
  }
}
