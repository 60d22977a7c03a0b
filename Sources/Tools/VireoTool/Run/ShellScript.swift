// What is typed into the guest's shell, one line at each prompt.

/// The lines of a script, in order, and `halt` after them.
struct ShellScript {
  private var remaining: ArraySlice<String>
  /// Lines after a `halt` of the script's own: the guest is gone by then.
  let linesAfterHalt: Int

  /// Blank lines and lines that begin with `#` are not typed.
  init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { $0 != "\r" } }
      .filter { line in line.contains { !$0.isWhitespace } && !line.hasPrefix("#") }
    let isHalt = { (line: String) in line.split(separator: " ") == ["halt"] }
    let end = lines.firstIndex(where: isHalt) ?? lines.endIndex
    linesAfterHalt = max(0, lines.endIndex - end - 1)
    remaining = lines[..<end] + ["halt"]
  }

  /// The next line to type, or nil when all were typed.
  mutating func next() -> String? { remaining.popFirst() }

  var isFinished: Bool { remaining.isEmpty }
}
