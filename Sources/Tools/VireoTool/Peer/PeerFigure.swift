// One figure of two guests, side by side.

import Foundation

/// Values of several rounds: in each round both guests ran, one after the other.
struct PeerFigure {
  let name: String
  let ours: [Int]
  let theirs: [Int]

  /// Ours to theirs, round by round: least, median, greatest.
  var ratios: (least: Double, median: Double, greatest: Double)? {
    let all = zip(ours, theirs).filter { $1 != 0 }.map { Double($0) / Double($1) }.sorted()
    guard let least = all.first, let greatest = all.last else { return nil }
    return (least, all[all.count / 2], greatest)
  }

  /// `NAME ours VALUE linux VALUE ratio LEAST MEDIAN GREATEST`, with the values' medians.
  var line: String {
    func median(_ values: [Int]) -> Int { values.sorted()[values.count / 2] }
    guard let ratios, !ours.isEmpty, !theirs.isEmpty else { return "\(name) was not measured" }
    // Two digits behind the point, more for what is far below one.
    let digits = ratios.median < 0.1 ? 4 : 2
    let numbers = [ratios.least, ratios.median, ratios.greatest].map { String(format: "%.\(digits)f", $0) }
    return "\(name) ours \(median(ours)) linux \(median(theirs)) ratio \(numbers.joined(separator: " "))"
  }
}
