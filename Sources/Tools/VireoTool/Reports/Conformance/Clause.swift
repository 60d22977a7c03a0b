// The requirements of the spec that the conformance page has a row for each.

/// One MUST or MUST NOT of the spec.
package struct Clause: Equatable, Sendable {
  /// Which MUST of its section, from 1.
  package let ordinal: Int
  /// `MUST` or `MUST NOT`.
  package let keyword: String
  /// What the clause is about and the project does not use: it binds nobody here, as long as that stays so.
  package let scopes: [String]
  /// What it demands, in few words of our own.
  package let demand: String
}

/// A section of the spec with requirements.
package struct ClauseSection: Equatable, Sendable {
  package let label: String
  /// How many times the section says MUST; ordinals end there.
  package let count: Int
  /// Those that bind drivers, in their order.
  package internal(set) var clauses: [Clause] = []
}

/// The sections of one file of `Documentation/Clauses`.
package struct ClauseArea: Equatable, Sendable {
  package let title: String
  package internal(set) var sections: [ClauseSection] = []
}

/// A place in a file and what is wrong there.
package struct ConformanceFinding: Equatable, CustomStringConvertible, Sendable {
  let path: String
  let line: Int
  let words: String

  package var description: String { "\(path):\(line): \(words)" }
}
