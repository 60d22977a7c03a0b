// Mutants and the clauses that they break.

/// A patch of `Tests/Mutants`, as far as its first lines tell.
package struct CitedMutant: Sendable {
  package let path: String
  /// What catches it: what `swift test --filter` is given, or `guest` and which.
  package let filter: String
  package let citations: [(line: Int, citation: Citation)]

  var name: String { String(path.split(separator: "/").last?.dropLast(".patch".count) ?? "") }

  /// Reads the lines before the patch proper: `Tests: FILTER`, and `Clause: ...` for each section that is broken.
  package static func scan(
    _ patch: String, at path: String
  ) -> (mutant: CitedMutant, findings: [ConformanceFinding]) {
    var filter = ""
    var citations: [(line: Int, citation: Citation)] = []
    var findings: [ConformanceFinding] = []
    for (index, line) in patch.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("diff ") || line.hasPrefix("--- ") { break }
      if line.hasPrefix("Tests: ") {
        filter = String(line.dropFirst("Tests: ".count))
      } else if line.hasPrefix("Guest: ") {
        filter = "guest " + line.dropFirst("Guest: ".count)
      } else if line.hasPrefix("Clause: ") {
        if let citation = Citation(String(line.dropFirst("Clause: ".count))) {
          citations.append((index + 1, citation))
        } else {
          findings.append(ConformanceFinding(path: path, line: index + 1, words: "expected 'Clause: label 1, 2'"))
        }
      }
    }
    if filter.isEmpty {
      let words = "the first line is no 'Tests: FILTER' and no 'Guest: ...'"
      findings.append(ConformanceFinding(path: path, line: 1, words: words))
    }
    return (CitedMutant(path: path, filter: filter, citations: citations), findings)
  }
}
