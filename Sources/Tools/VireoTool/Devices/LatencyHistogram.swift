// How long requests took.

/// Counts of times in nanoseconds, in buckets that are a sixteenth of their power of two wide: a percentile is right to
/// 6 %, whatever the times.
package struct LatencyHistogram {
  private static let subBits = 4
  private var counts = [UInt64](repeating: 0, count: (64 - subBits + 1) << subBits)
  package private(set) var count: UInt64 = 0
  package private(set) var shortest: UInt64 = .max
  package private(set) var longest: UInt64 = 0
  private var sum: Double = 0

  package init() {}

  private static func bucket(_ time: UInt64) -> Int {
    if time < 1 << subBits { return Int(time) }
    let power = 63 - time.leadingZeroBitCount
    let shift = power - subBits
    return (shift + 1) << subBits + Int(time >> UInt64(shift)) & (1 << subBits - 1)
  }

  /// The longest time of a bucket.
  private static func end(_ bucket: Int) -> UInt64 {
    if bucket < 1 << subBits { return UInt64(bucket) }
    let shift = UInt64(bucket >> subBits - 1)
    let start = UInt64(1 << subBits + bucket & (1 << subBits - 1))
    return (start << shift) &+ (1 << shift) &- 1
  }

  package mutating func add(_ time: UInt64) {
    counts[Self.bucket(time)] += 1
    count += 1
    sum += Double(time)
    shortest = min(shortest, time)
    longest = max(longest, time)
  }

  /// The time that so many of a thousand requests did not exceed; 0 without requests.
  package func perMille(_ share: Double) -> UInt64 {
    if count == 0 { return 0 }
    let wanted = max(1, UInt64((Double(count) * share / 1000).rounded(.up)))
    var seen: UInt64 = 0
    for bucket in counts.indices {
      seen += counts[bucket]
      if seen >= wanted { return min(Self.end(bucket), longest) }
    }
    return longest
  }

  package var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// Buckets that are not empty: the longest time of each, and how many.
  package var buckets: [(end: UInt64, count: UInt64)] {
    counts.indices.filter { counts[$0] != 0 }.map { (Self.end($0), counts[$0]) }
  }

  /// How many requests took less than each power of two, from the first to the last that are not empty.
  package var powers: [(below: UInt64, count: UInt64)] {
    var result: [(below: UInt64, count: UInt64)] = []
    for (end, count) in buckets {
      let below = UInt64(1) << UInt64(64 - end.leadingZeroBitCount)
      while let last = result.last, last.below < below >> 1 { result.append((last.below << 1, 0)) }
      if result.last?.below == below { result[result.count - 1].count += count } else { result.append((below, count)) }
    }
    return result
  }
}
