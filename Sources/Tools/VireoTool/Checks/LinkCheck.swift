// Links between the project's own pages.

/// A local link of a Markdown page names a file that exists.
package enum LinkCheck {
  package static func findings(in page: String, at path: String, exists: (String) -> Bool) -> [String] {
    var result: [String] = []
    var isCode = false
    for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.drop(while: \.isWhitespace).hasPrefix("```") { isCode.toggle() }
      guard !isCode else { continue }
      for target in targets(line) where !exists(resolved(target, from: path)) {
        result.append("\(path):\(index + 1): link to '\(target)', which does not exist")
      }
    }
    return result
  }

  /// What stands in `](...)`, without anchors and addresses elsewhere.
  private static func targets(_ line: Substring) -> [String] {
    var result: [String] = []
    var rest = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined(separator: "`")[...]
    while let start = rest.firstRange(of: "](") {
      rest = rest[start.upperBound...]
      guard let end = rest.firstIndex(of: ")") else { break }
      let target = rest[..<end].prefix { $0 != "#" && $0 != " " }
      if !target.isEmpty, !target.contains("://"), !target.hasPrefix("mailto:") { result.append(String(target)) }
      rest = rest[end...]
    }
    return result
  }

  private static func resolved(_ target: String, from path: String) -> String {
    var parts = target.hasPrefix("/") ? [] : path.split(separator: "/").dropLast().map(String.init)
    for part in target.split(separator: "/") where part != "." {
      if part == "..", !parts.isEmpty { parts.removeLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }
}
