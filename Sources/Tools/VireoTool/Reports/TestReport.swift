// A run's report.tap.

/// Plan, points and comments, in the order in which the guest printed them.
package struct TestReport {
  package private(set) var plans: [Int] = []
  package private(set) var points: [TestPoint] = []
  /// The lines that belong to TAP: what goes into `report.tap`.
  package private(set) var lines: [String] = []

  package init(lines serial: [String]) {
    for line in serial {
      if let plan = TestReport.plan(line) {
        plans.append(plan)
      } else if let point = TestPoint(line) {
        points.append(point)
      } else if !line.hasPrefix("# "), !line.hasPrefix("Bail out!") {
        continue
      }
      lines.append(line)
    }
  }

  private static func plan(_ line: String) -> Int? {
    guard line.hasPrefix("1.."), let count = Int(line.dropFirst(3)), count >= 0 else { return nil }
    return count
  }

  package var exceptions: [String] { lines.filter { $0.hasPrefix("# exception") } }

  /// What is wrong with it, in words; empty if every planned point was reached and passed.
  package var failures: [String] {
    var result = points.filter { !$0.isPassed }.map { "not ok \($0.number) - \($0.text)" }
    if plans.count != 1 { result.append("the report has \(plans.count) plans, expected one line '1..N'") }
    if let plan = plans.first, plan != points.count {
      result.append("\(plan) points were planned, \(points.count) were reported")
    }
    if points.map(\.number) != Array(1..<(points.count + 1)) {
      result.append("the points are not numbered from 1 upwards: \(points.map(\.number))")
    }
    result += lines.filter { $0.hasPrefix("Bail out!") }
    return result + exceptions.map { String($0.dropFirst(2)) }
  }
}
