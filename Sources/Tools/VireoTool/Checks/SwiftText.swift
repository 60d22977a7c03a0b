// Swift source with everything removed that is not code.

/// Blanks comments and string literals, and keeps lines: what is left at line n of `code` stood at line n of the
/// source. Interpolations are code.
package struct SwiftText {
  package let code: [String]
  /// The same lines with only their comments.
  package let comments: [String]

  private enum Mode {
    case code(parentheses: Int)
    case string(hashes: Int, isMultiline: Bool)
  }

  package init(_ source: String) {
    let text = Array(source.unicodeScalars)
    var code = String.UnicodeScalarView()
    var comments = String.UnicodeScalarView()
    var modes: [Mode] = [.code(parentheses: 0)]
    var blockDepth = 0
    var index = 0

    func has(_ word: String, at start: Int) -> Bool {
      start <= text.count && text[start...].starts(with: word.unicodeScalars)
    }
    func skip(_ count: Int, asComment: Bool = false) {
      for scalar in text[index..<min(index + count, text.count)] {
        let isBreak = scalar == "\n"
        code.append(isBreak ? "\n" : " ")
        comments.append(isBreak || asComment ? scalar : " ")
      }
      index += count
    }

    while index < text.count {
      if blockDepth > 0 {
        if has("/*", at: index) {
          blockDepth += 1
          skip(2, asComment: true)
        } else if has("*/", at: index) {
          blockDepth -= 1
          skip(2, asComment: true)
        } else {
          skip(1, asComment: true)
        }
        continue
      }
      switch modes[modes.count - 1] {
      case .string(let hashes, let isMultiline):
        let fence = String(repeating: "#", count: hashes)
        let closing = (isMultiline ? "\"\"\"" : "\"") + fence
        if has("\\\(fence)(", at: index) {
          skip(2 + hashes)
          modes.append(.code(parentheses: 1))
        } else if has("\\\(fence)", at: index) {
          skip(2 + hashes)
        } else if has(closing, at: index) {
          skip(closing.unicodeScalars.count)
          modes.removeLast()
        } else {
          if text[index] == "\n", !isMultiline { modes.removeLast() }
          skip(1)
        }
      case .code(let parentheses):
        let hashes = text[index...].prefix { $0 == "#" }.count
        if has("//", at: index) {
          skip(text[index...].prefix { $0 != "\n" }.count, asComment: true)
        } else if has("/*", at: index) {
          blockDepth = 1
          skip(2, asComment: true)
        } else if has("\"", at: index + hashes) {
          let isMultiline = has("\"\"\"", at: index + hashes)
          skip(hashes + (isMultiline ? 3 : 1))
          modes.append(.string(hashes: hashes, isMultiline: isMultiline))
        } else {
          if modes.count > 1 {
            let depth = parentheses + (text[index] == "(" ? 1 : text[index] == ")" ? -1 : 0)
            if depth == 0 {
              modes.removeLast()
              skip(1)
              continue
            }
            modes[modes.count - 1] = .code(parentheses: depth)
          }
          code.append(text[index])
          comments.append(text[index] == "\n" ? "\n" : " ")
          index += 1
        }
      }
    }
    self.code = SwiftText.lines(code)
    self.comments = SwiftText.lines(comments)
  }

  private static func lines(_ text: String.UnicodeScalarView) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  }

  /// Identifiers and attributes (`@unchecked`) of a line of code.
  package static func words(_ line: String) -> [String] {
    line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }.map(String.init)
  }
}
