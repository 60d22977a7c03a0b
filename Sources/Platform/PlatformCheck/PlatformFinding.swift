/// What came of one check.
public struct PlatformFinding: Equatable, Sendable {
  /// How a check ended.
  public enum Outcome: Equatable, Sendable {
    /// The rule holds, as far as could be seen.
    case holds
    /// The rule is broken: what was seen, and what was expected.
    case broken(String)
    /// Could not be looked at, and why.
    case skipped(String)
  }

  /// The rule, and by its raw value the number of the check.
  public let rule: PlatformRule
  /// What came of it.
  public let outcome: Outcome

  /// A finding, for those who check more than `checkPlatform` does.
  public init(rule: PlatformRule, outcome: Outcome) {
    self.rule = rule
    self.outcome = outcome
  }

  /// True when the rule is broken.
  public var isBroken: Bool {
    if case .broken = outcome { return true }
    return false
  }

  /// The finding in one line, such as `2: device addresses are multiples of the alignment: broken: ...`.
  public var words: String {
    let start = "\(rule.rawValue): \(rule.words)"
    switch outcome {
    case .holds: return start
    case .broken(let what): return start + ": broken: " + what
    case .skipped(let why): return start + ": skipped: " + why
    }
  }
}
