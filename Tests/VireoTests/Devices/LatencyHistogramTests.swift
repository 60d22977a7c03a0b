import Testing

@testable import VireoTool

@Suite struct LatencyHistogramTests {
  @Test func percentiles_areRightToASixteenth() {
    var histogram = LatencyHistogram()
    for time in 1...10_000 { histogram.add(UInt64(time)) }
    #expect(histogram.count == 10_000)
    #expect(histogram.shortest == 1)
    #expect(histogram.longest == 10_000)
    #expect(histogram.mean == 5_000.5)
    for (share, exact) in [(500.0, 5_000.0), (900, 9_000), (990, 9_900), (999, 9_990)] {
      let found = Double(histogram.perMille(share))
      #expect(found >= exact && found <= exact * 1.0625, "\(share): \(found)")
    }
    #expect(histogram.perMille(1000) == 10_000)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 1 << 20, (1 << 20) - 1, 1 << 63, .max] as [UInt64])
  func singleTime_isItsOwnPercentile(time: UInt64) {
    var histogram = LatencyHistogram()
    histogram.add(time)
    #expect(histogram.perMille(500) == time)
    #expect(histogram.buckets.count == 1)
    #expect(histogram.buckets[0].end >= time)
  }

  @Test func empty_hasNoPercentiles() {
    #expect(LatencyHistogram().perMille(500) == 0)
    #expect(LatencyHistogram().powers.isEmpty)
  }

  @Test func powers_haveNoGaps() {
    var histogram = LatencyHistogram()
    histogram.add(3)
    histogram.add(20)
    histogram.add(21)
    #expect(histogram.powers.map(\.below) == [4, 8, 16, 32])
    #expect(histogram.powers.map(\.count) == [1, 0, 0, 2])
  }
}
