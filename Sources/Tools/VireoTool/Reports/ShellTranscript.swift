// What the shell answered.

/// A command's output, and how it ended.
struct ShellResult: Equatable {
  let output: [String]
  /// The line `error: ...`; nil for `ok`.
  let error: String?
}

enum ShellTranscript {
  /// The results of a session, in order. The session begins at the first prompt.
  static func results(in lines: [String]) -> [ShellResult] {
    guard let start = lines.firstIndex(where: { $0.hasPrefix(ShellPrompt.text) }) else { return [] }
    var results: [ShellResult] = []
    var output: [String] = []
    for line in lines[start...].map(withoutPrompt) {
      guard line == "ok" || line.hasPrefix("error:") else {
        output.append(line)
        continue
      }
      results.append(ShellResult(output: output, error: line == "ok" ? nil : line))
      output = []
    }
    return results
  }

  /// The `error: ...` lines with which shell commands ended.
  static func failures(in lines: [String]) -> [String] { results(in: lines).compactMap(\.error) }

  /// Without an echo, a command's first line of output follows the prompt.
  static func withoutPrompt(_ line: String) -> String {
    var rest = Substring(line)
    while rest.hasPrefix(ShellPrompt.text) { rest = rest.dropFirst(ShellPrompt.text.count) }
    return String(rest)
  }
}
