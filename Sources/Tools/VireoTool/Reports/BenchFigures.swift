// The figures that a guest or this tool counted, and their thresholds.

import Foundation

/// Lines `# bench: NAME VALUE` of a run: a name without spaces, a whole number.
package struct BenchFigures: Equatable, Sendable {
  package var values: [(name: String, value: Int)] = []

  package init() {}

  package init(lines: [String]) throws(ToolError) {
    for line in lines where line.hasPrefix("# bench: ") {
      let words = line.split(separator: " ").dropFirst(2)
      guard words.count == 2, let value = words.last.flatMap({ Int($0) }) else {
        throw ToolError("the guest printed '\(line)', expected '# bench: NAME NUMBER'")
      }
      values.append((String(words[words.startIndex]), value))
    }
  }

  package static func == (a: BenchFigures, b: BenchFigures) -> Bool {
    a.values.map(\.name) == b.values.map(\.name) && a.values.map(\.value) == b.values.map(\.value)
  }
}

/// The most that a counted figure may be: lines `RUN NAME NUMBER`; `#` begins a comment. Times have none: they are
/// printed, not judged.
package struct BenchThresholds: Sendable {
  private var limits: [String: Int] = [:]

  package init(text: String, file: String) throws(ToolError) {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard words.count == 3, let limit = Int(words[2]) else {
        throw ToolError("\(file): '\(line)' is no threshold, expected 'RUN NAME NUMBER'")
      }
      limits["\(words[0]) \(words[1])"] = limit
    }
  }

  /// What is above its threshold, and thresholds that no figure belongs to.
  package func findings(_ figures: [(run: String, figures: BenchFigures)]) -> [String] {
    var unused = limits
    var findings: [String] = []
    for (run, figures) in figures {
      for (name, value) in figures.values {
        guard let limit = unused.removeValue(forKey: "\(run) \(name)") else { continue }
        if value > limit { findings.append("\(run) \(name) is \(value), at most \(limit)") }
      }
    }
    return findings + unused.keys.sorted().map { "\($0): there is a threshold, and no such figure was measured" }
  }
}
