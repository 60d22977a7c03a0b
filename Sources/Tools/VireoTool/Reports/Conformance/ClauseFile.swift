// Files of `Documentation/Clauses`: their format is described in `Documentation/Testing.md`.

/// Reads one file: a title, sections `= label (count)`, and a line for each MUST of the section.
package struct ClauseFile {
  package private(set) var area: ClauseArea
  package private(set) var findings: [ConformanceFinding] = []

  package init(_ text: String, at path: String) {
    area = ClauseArea(title: path)
    var next = 1
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      func report(_ words: String) {
        findings.append(ConformanceFinding(path: path, line: index + 1, words: words))
      }
      if index == 0, line.hasPrefix("# "), let end = line.firstIndex(of: ".") {
        area = ClauseArea(title: String(line[line.index(line.startIndex, offsetBy: 2)..<end]))
      } else if line.hasPrefix("= ") {
        if let section = area.sections.last, next != section.count + 1 {
          report("the section before has \(next - 1) lines, expected \(section.count)")
        }
        if let section = ClauseFile.section(line) {
          area.sections.append(section)
        } else {
          report("expected '= label (number of MUSTs)', found '\(line)'")
        }
        next = 1
      } else if !line.isEmpty, !line.hasPrefix("#") {
        if area.sections.isEmpty {
          report("a clause before the first section")
        } else if let entry = ClauseFile.entry(line), entry.ordinal == next {
          if let clause = entry.clause { area.sections[area.sections.count - 1].clauses.append(clause) }
          next += 1
        } else {
          report("expected '\(next) MUST ...', '\(next) MUST NOT ...' or '\(next) device', found '\(line)'")
        }
      }
    }
    if let section = area.sections.last, next != section.count + 1 {
      findings.append(
        ConformanceFinding(
          path: path, line: text.split(separator: "\n", omittingEmptySubsequences: false).count,
          words: "the last section has \(next - 1) lines, expected \(section.count)"))
    }
  }

  private static func section(_ line: Substring) -> ClauseSection? {
    guard line.hasSuffix(")"), let open = line.lastIndex(of: "("),
      let count = Int(line[line.index(after: open)...].dropLast())
    else { return nil }
    let label = line[..<open].dropFirst(2).split(separator: " ").joined(separator: " ")
    return label.isEmpty ? nil : ClauseSection(label: label, count: count)
  }

  /// A numbered line; without a clause if it binds devices only.
  private static func entry(_ line: Substring) -> (ordinal: Int, clause: Clause?)? {
    var words = line.split(separator: " ")[...]
    guard let ordinal = words.popFirst().flatMap({ Int($0) }), let first = words.popFirst() else { return nil }
    if first == "device" { return words.isEmpty ? (ordinal, nil) : nil }
    guard first == "MUST" else { return nil }
    var keyword = "MUST"
    if words.first == "NOT" {
      keyword = "MUST NOT"
      words.removeFirst()
    }
    var demand = words.joined(separator: " ")
    var scopes: [String] = []
    if demand.hasPrefix("["), let end = demand.firstRange(of: "] ") {
      scopes = Citation.list(demand[..<end.lowerBound].dropFirst())
      demand = String(demand[end.upperBound...])
    }
    guard !demand.isEmpty else { return nil }
    return (ordinal, Clause(ordinal: ordinal, keyword: keyword, scopes: scopes, demand: demand))
  }
}
