// Citations of clauses, in tests, mutants and sources.

/// What follows `SPEC:` above a test, or `Clause:` in a mutant.
package enum Citation: Equatable, Sendable {
  /// Clauses of one section, by their ordinals.
  case clauses(label: String, ordinals: [Int])
  /// `not used: A, B`: all clauses that bind only those who use one of these.
  case notUsed([String])

  /// Splits at commas.
  static func list(_ text: some StringProtocol) -> [String] {
    text.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
  }

  /// Reads a citation; nil when it is neither form.
  package init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.starts(with: ["not", "used:"]) {
      let scopes = Citation.list(words.dropFirst(2).joined(separator: " "))
      guard !scopes.isEmpty else { return nil }
      self = .notUsed(scopes)
      return
    }
    // From the end: `3`, or `1, 2, 3`.
    var ordinals: [Int] = []
    var rest = words[...]
    while let last = rest.last {
      let digits = ordinals.isEmpty ? last[...] : last.hasSuffix(",") ? last.dropLast() : ""
      guard let ordinal = Int(digits) else { break }
      ordinals.insert(ordinal, at: 0)
      rest.removeLast()
    }
    guard !ordinals.isEmpty, !rest.isEmpty else { return nil }
    self = .clauses(label: rest.joined(separator: " "), ordinals: ordinals)
  }

  /// The one label that is meant: written in full, or with `...` for its beginning after the colon.
  package static func resolve(_ label: String, among labels: [String]) -> Result<String, UsageError> {
    if labels.contains(label) { return .success(label) }
    guard let gap = label.firstRange(of: ":... / ") else { return .failure(UsageError("unknown label '\(label)'")) }
    let kind = label[..<gap.lowerBound] + ":"
    let tail = label[gap.upperBound...]
    let found = labels.filter { $0.hasPrefix(kind) && ($0 == kind + tail || $0.hasSuffix(" / " + tail)) }
    switch found.count {
    case 1: return .success(found[0])
    case 0: return .failure(UsageError("no label ends like '\(label)'"))
    default: return .failure(UsageError("\(found.count) labels end like '\(label)': write more of it"))
    }
  }
}
