// The serial line that a combination is expected to produce.

/// Patterns, line by line. `{firmware}` alone on the first line stands for whatever the firmware prints before the
/// line that follows it.
package struct GoldenLog {
  static let firmware = "{firmware}"

  /// Whether the kernel, and not the firmware before it, printed the line: the kernel speaks TAP from its first line.
  static func isKernelStart(_ line: String) -> Bool {
    line.hasPrefix("# ") || line.hasPrefix("1..") || TestPoint(line) != nil
  }

  private let hasFirmware: Bool
  private let text: [String]

  package init(_ contents: String) {
    var lines = contents.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    hasFirmware = lines.first == GoldenLog.firmware
    text = hasFirmware ? Array(lines.dropFirst()) : lines
  }

  /// The first difference in words, or nil if the log is as expected.
  package func difference(from log: [String]) -> String? {
    let lines = Array(withoutFirmware(log))
    for (index, pattern) in text.enumerated() {
      guard index < lines.count else { return "the log ends where '\(pattern)' was expected" }
      if !GoldenPattern(pattern).matches(lines[index]) {
        return "line \(index + 1 + log.count - lines.count): expected '\(pattern)', found '\(lines[index])'"
      }
    }
    return lines.count > text.count ? "unexpected line '\(lines[text.count])' at the end" : nil
  }

  private func withoutFirmware(_ log: [String]) -> ArraySlice<String> {
    guard hasFirmware, let first = text.first else { return log[...] }
    let pattern = GoldenPattern(first)
    return log[(log.firstIndex(where: pattern.matches) ?? log.startIndex)...]
  }

  /// A golden log for what a guest printed. Patterns of the log so far are kept where they still match.
  package static func updated(_ previous: String?, from log: [String], start: (String) -> Bool) -> String {
    var known = previous.map { GoldenLog($0).text[...] } ?? []
    let first = log.firstIndex(where: start) ?? log.startIndex
    var result = first > log.startIndex ? [firmware] : []
    for line in log[first...] {
      if let index = known.firstIndex(where: { GoldenPattern($0).matches(line) }) {
        result.append(known[index])
        known = known[(index + 1)...]
      } else {
        result.append(GoldenDraft.pattern(for: line))
      }
    }
    return result.map { $0 + "\n" }.joined()
  }
}
