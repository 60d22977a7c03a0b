#if os(none)
  /// The kernel's account of itself, as TAP lines in the log.
  final class Report {
    private var count = 0
    /// How many checks failed so far.
    private(set) var failures = 0

    /// Writes one TAP line.
    ///
    /// - Parameters:
    ///   - passed: whether all is as it should be.
    ///   - what: a topic, a colon, and what was checked.
    ///   - reason: written before a check that failed, as a remark: what was found instead.
    func expect(_ passed: Bool, _ what: String, because reason: String? = nil) {
      count += 1
      if !passed {
        failures += 1
        if let reason { note(reason) }
      }
      say((passed ? "ok " : "not ok ") + String(count) + " - " + what)
    }

    /// Writes a check that an error ended.
    func fail(_ what: String, because reason: String) { expect(false, what, because: reason) }

    /// Writes a remark.
    func note(_ line: String) { say("# " + line) }

    /// Writes the plan. Nothing is checked afterwards.
    func finish() { say("1..\(count)") }
  }
#endif
