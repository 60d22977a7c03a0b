// Tests and the clauses above them.

/// A test function.
package struct CitedTest: Equatable, Sendable {
  package let path: String
  package let suite: String
  package let name: String
  /// Each with the line that it begins at.
  package let citations: [(line: Int, citation: Citation)]

  package static func == (a: CitedTest, b: CitedTest) -> Bool {
    a.path == b.path && a.suite == b.suite && a.name == b.name
      && a.citations.map(\.citation) == b.citations.map(\.citation)
  }

  /// What `swift test --filter` sees: `Module.Suite/name/File.swift`.
  var identifier: String {
    let parts = path.split(separator: "/")
    return "\(parts.count > 1 ? parts[1] : "").\(suite)/\(name)/\(parts.last ?? "")"
  }

  /// The tests of a file. Citations are `// SPEC:` comments directly above `@Test`; a line that does not begin one
  /// continues the one before.
  package static func scan(_ source: String, at path: String) -> (tests: [CitedTest], findings: [ConformanceFinding]) {
    var scan = Scan(path: path)
    for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let text = line.drop(while: \.isWhitespace)
      scan.read(text, indent: line.count - text.count, number: index + 1)
    }
    scan.refuseLoose()
    return (scan.tests, scan.findings)
  }

  private struct Scan {
    let path: String
    var tests: [CitedTest] = []
    var findings: [ConformanceFinding] = []
    var loose: [(line: Int, text: String)] = []
    var isContinued = false
    var isInTest = false
    var suites: [(indent: Int, name: String)] = []

    mutating func read(_ line: Substring, indent: Int, number: Int) {
      if line.hasPrefix("//") {
        let text = line.drop { $0 == "/" }.trimmingSpaces
        if line.hasPrefix("///") {
          // A note for readers, as in sources.
          isContinued = false
        } else if text.hasPrefix("SPEC:") {
          loose.append((number, text.dropFirst(5).trimmingSpaces))
          isContinued = true
        } else if text.contains("SPEC:") {
          report(number, "'SPEC:' begins a comment line")
        } else if isContinued {
          loose[loose.count - 1].text += " " + text
        }
        return
      }
      isContinued = false
      if line.contains("@Test") { isInTest = true }
      let words = SwiftText.words(String(line))
      if isInTest, let keyword = words.firstIndex(of: "func"), keyword + 1 < words.count {
        while let last = suites.last, last.indent >= indent { suites.removeLast() }
        add(words[keyword + 1])
        isInTest = false
      } else if let name = Scan.declaredType(words) {
        while let last = suites.last, last.indent >= indent { suites.removeLast() }
        suites.append((indent, name))
        refuseLoose()
      } else if !isInTest, !line.hasPrefix("@") {
        refuseLoose()
      }
    }

    mutating func add(_ name: String) {
      var citations: [(line: Int, citation: Citation)] = []
      for (line, text) in loose {
        if let citation = Citation(text) {
          citations.append((line, citation))
        } else {
          report(line, "expected a label and ordinals ('label 1, 2') or 'not used: ...', found '\(text)'")
        }
      }
      loose = []
      tests.append(CitedTest(path: path, suite: suites.last?.name ?? "", name: name, citations: citations))
    }

    /// The name of the type that a line begins to declare or extend.
    static func declaredType(_ words: [String]) -> String? {
      guard let keyword = words.firstIndex(where: { ["struct", "class", "actor", "enum", "extension"].contains($0) }),
        keyword + 1 < words.count,
        words[..<keyword].allSatisfy({ $0.hasPrefix("@") || ["final", "private", "fileprivate"].contains($0) })
      else { return nil }
      return words[keyword + 1]
    }

    mutating func refuseLoose() {
      for (line, _) in loose { report(line, "a citation that does not stand above a '@Test'") }
      loose = []
    }

    mutating func report(_ line: Int, _ words: String) {
      findings.append(ConformanceFinding(path: path, line: line, words: words))
    }
  }
}

extension StringProtocol {
  /// Without spaces at both ends.
  fileprivate var trimmingSpaces: String {
    let start = drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }
}
