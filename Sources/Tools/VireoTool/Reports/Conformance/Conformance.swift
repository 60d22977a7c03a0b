// Which clause is held by which tests, broken by which mutants, and kept by which sources.

/// Joins clauses with everything that cites them.
package struct Conformance {
  struct Row {
    let clause: Clause
    var tests: [CitedTest] = []
    var mutants: [CitedMutant] = []
    /// Scopes that no test holds; a clause that binds nobody is held when there is none.
    var openScopes: Set<String> = []

    var isHeld: Bool { !tests.isEmpty && openScopes.isEmpty }
  }

  struct Key: Hashable {
    let label: String
    let ordinal: Int
  }

  package let areas: [ClauseArea]
  package private(set) var findings: [ConformanceFinding] = []
  private(set) var rows: [Key: Row] = [:]
  /// Files that cite a label.
  private(set) var sources: [String: [String]] = [:]

  package init(areas: [ClauseArea], tests: [CitedTest], mutants: [CitedMutant], sources: [CitingSource]) {
    self.areas = areas
    for section in areas.flatMap(\.sections) {
      for clause in section.clauses {
        rows[Key(label: section.label, ordinal: clause.ordinal)] = Row(clause: clause, openScopes: Set(clause.scopes))
      }
    }
    for test in tests {
      for (line, citation) in test.citations {
        for key in keys(of: citation, at: test.path, line) where rows[key]?.tests.contains(test) == false {
          rows[key]?.tests.append(test)
          if case .notUsed(let scopes) = citation { rows[key]?.openScopes.subtract(scopes) }
          if case .clauses = citation { rows[key]?.openScopes = [] }
        }
      }
    }
    for mutant in mutants {
      if !mutant.filter.hasPrefix("guest "), !tests.contains(where: { $0.identifier.contains(mutant.filter) }) {
        report(mutant.path, 1, "no test is called '\(mutant.filter)'")
      }
      for (line, citation) in mutant.citations {
        for key in keys(of: citation, at: mutant.path, line) { rows[key]?.mutants.append(mutant) }
      }
    }
    for source in sources {
      for label in Set(source.labels) { self.sources[label, default: []].append(source.path) }
    }
  }

  private mutating func keys(of citation: Citation, at path: String, _ line: Int) -> [Key] {
    switch citation {
    case .notUsed(let scopes):
      var result: Set<Key> = []
      for scope in scopes {
        let bound = rows.filter { $0.value.clause.scopes.contains(scope) }.map(\.key)
        if bound.isEmpty { report(path, line, "no clause is about '\(scope)'") }
        result.formUnion(bound)
      }
      return Array(result)
    case .clauses(let label, let ordinals):
      let sections = areas.flatMap(\.sections)
      switch Citation.resolve(label, among: sections.map(\.label)) {
      case .failure(let error):
        report(path, line, error.description)
        return []
      case .success(let label):
        let count = sections.first { $0.label == label }?.count ?? 0
        var result: [Key] = []
        for ordinal in ordinals {
          let key = Key(label: label, ordinal: ordinal)
          if rows[key] != nil {
            result.append(key)
          } else if (1...max(1, count)).contains(ordinal) {
            report(path, line, "clause \(ordinal) of '\(label)' binds devices, not drivers")
          } else {
            report(path, line, "'\(label)' has clauses 1 to \(count), there is no \(ordinal)")
          }
        }
        return result
      }
    }
  }

  private mutating func report(_ path: String, _ line: Int, _ words: String) {
    findings.append(ConformanceFinding(path: path, line: line, words: words))
  }
}
