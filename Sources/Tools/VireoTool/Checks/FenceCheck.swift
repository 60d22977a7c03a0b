// Where code without the compiler's protection may stand.

/// `unsafe`, `@unchecked`, `Unmanaged` and `withUnsafe...` occur inside the fence only, and `@unchecked` has a reason.
package enum FenceCheck {
  static let fence = [
    "Sources/Platform/DevicePlatform/", "Sources/Platform/PlatformCheck/RangeCheck.swift",
    "Sources/Core/VirtqueueStorage/", "Sources/Platforms/", "Sources/Tools/VirtualMachine/System/",
    "Sources/Executables/Kernel/", "Sources/Executables/RingBench/", "Sources/Executables/VhostBench/",
    "Sources/Executables/Fuzz/",
    "Sources/TestSupport/", "Tests/",
    "Examples/ForeignKernel/Sources/ForeignKernel/Platform.swift",
  ]

  /// - Parameter path: relative to the package's root.
  package static func findings(in source: String, at path: String) -> [String] {
    let isInside = fence.contains(where: path.hasPrefix)
    let text = SwiftText(source)
    var result: [String] = []
    for (index, line) in text.code.enumerated() {
      let words = SwiftText.words(line)
      if !isInside, let word = words.first(where: isUnprotected) {
        result.append("\(path):\(index + 1): '\(word)' outside the fence")
      }
      if words.contains("@unchecked"), !hasReason(text, at: index) {
        result.append("\(path):\(index + 1): '@unchecked' without a comment that says why it holds")
      }
    }
    return result
  }

  private static func isUnprotected(_ word: String) -> Bool {
    ["unsafe", "@unsafe", "@safe", "@unchecked", "Unmanaged"].contains(word) || word.hasPrefix("withUnsafe")
  }

  /// A comment on the line or directly above it; attributes may stand in between.
  private static func hasReason(_ text: SwiftText, at index: Int) -> Bool {
    func hasWords(_ line: Int) -> Bool { text.comments[line].contains(where: \.isLetter) }
    if hasWords(index) { return true }
    var above = index - 1
    while above >= 0, text.code[above].trimmingPrefix(while: \.isWhitespace).hasPrefix("@") { above -= 1 }
    return above >= 0 && hasWords(above)
  }
}
