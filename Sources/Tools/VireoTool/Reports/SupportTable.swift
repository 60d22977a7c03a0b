// The table in README.md of what runs where.

/// One row per topic of the tour, one column per combination; a tick where all points of the topic passed.
package struct SupportTable {
  static let begin = "<!-- support:begin -->"
  static let end = "<!-- support:end -->"

  private let columns: [(combination: Combination, report: TestReport)]

  package init(_ reports: [(combination: Combination, report: TestReport)]) {
    columns = reports
  }

  private var topics: [String] {
    var result: [String] = []
    for topic in columns.flatMap({ $0.report.points.map(\.topic) }) where !result.contains(topic) {
      result.append(topic)
    }
    return result
  }

  /// A tick is worth something only if the run reached its end: the plan is part of it.
  private func cell(_ topic: String, _ report: TestReport) -> String {
    let points = report.points.filter { $0.topic == topic }
    return points.isEmpty || !points.allSatisfy(\.isPassed) || report.plans != [report.points.count] ? "–" : "✓"
  }

  package var markdown: String {
    let heads = columns.map {
      "\($0.combination.architecture.rawValue)<br>\($0.combination.machine.rawValue)<br>\($0.combination.transport.rawValue)"
    }
    var lines = ["| | " + heads.joined(separator: " | ") + " |"]
    lines.append("|---|" + columns.map { _ in ":-:|" }.joined())
    for topic in topics {
      lines.append("| \(topic) | " + columns.map { cell(topic, $0.report) }.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  /// The page with the table between its two markers, which stay.
  package func insert(into page: String) throws(UsageError) -> String {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.firstIndex(of: SupportTable.begin), let last = lines.firstIndex(of: SupportTable.end),
      first < last
    else { throw UsageError("README.md has no lines '\(SupportTable.begin)' and '\(SupportTable.end)'") }
    return (lines[...first] + [markdown] + lines[last...]).joined(separator: "\n")
  }
}
