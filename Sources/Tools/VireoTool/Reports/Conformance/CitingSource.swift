// Citations in library sources: a label without an ordinal says where code does what a section demands.

/// The labels that a source file cites.
package struct CitingSource: Sendable {
  package let path: String
  package let labels: [String]

  /// Finds `SPEC:` in comments that begin with `prefix`. A label may go on in the lines after; one without `drivernormative:` or
  /// `devicenormative:` is a section's.
  package static func scan(
    _ source: String, at path: String, labels: Set<String>, prefix: String = "//"
  ) -> (source: CitingSource, findings: [ConformanceFinding]) {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map { $0.drop(while: \.isWhitespace) }
    var found: [String] = []
    var findings: [ConformanceFinding] = []
    for (index, line) in lines.enumerated() where line.hasPrefix(prefix) {
      guard let start = line.firstRange(of: "SPEC: ") else { continue }
      var text = String(line[start.upperBound...])
      var label = match(text, labels)
      for next in lines[(index + 1)...].prefix(3) where next.hasPrefix("//") {
        text += " " + next.drop { $0 == "/" || $0 == " " }
        if let longer = match(text, labels) { label = longer }
      }
      if let label {
        found.append(label)
      } else {
        let words = "unknown label '\(line[start.upperBound...])'"
        findings.append(ConformanceFinding(path: path, line: index + 1, words: words))
      }
    }
    return (CitingSource(path: path, labels: found), findings)
  }

  /// The label that the text begins with, if nothing or punctuation follows.
  private static func match(_ text: String, _ labels: Set<String>) -> String? {
    let text = text.split(separator: " ").joined(separator: " ")
    let full = text.hasPrefix("drivernormative:") || text.hasPrefix("devicenormative:") ? text : "sec:" + text
    if labels.contains(full) { return full }
    for index in full.indices where ":.,;)".contains(full[index]) {
      let next = full.index(after: index)
      guard next == full.endIndex || full[next] == " " else { continue }
      let candidate = String(full[..<index])
      if labels.contains(candidate) { return candidate }
    }
    return nil
  }
}
