// A first pattern for a line that is new in a golden log.

/// Named fields for what differs from boot to boot or with every change of the kernel: addresses, times, frequencies,
/// free memory, random bytes. Whoever updates a golden log reads the result and commits it.
enum GoldenDraft {
  private static let units = ["Hz", "kHz", "MHz", "ns", "us", "ms", "s"]

  static func pattern(for line: String) -> String {
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let isAddressLine = !words.contains { $0.hasPrefix("feature") }
    return words.enumerated().map { index, word in
      let core = String(word.prefix { !",.:;)".contains($0) })
      let tail = word.dropFirst(core.count)
      let next = words.dropFirst(index + 1).first.map { $0.filter { !",.:;)".contains($0) } } ?? ""
      if isAddressLine, core.hasPrefix("0x"), core.count > 2, core.dropFirst(2).allSatisfy(\.isHexDigit) {
        return "{address}" + tail
      }
      if word == core, !core.isEmpty, core.allSatisfy(\.isNumber) {
        if units.contains(next) { return "{number}" }
        if next == "bytes", line.contains("bytes free") { return "{number}" }
      }
      if units.contains(next), word.contains("."), GoldenPattern("{time}").matches(word) { return "{time}" }
      if core.count >= 32, core.allSatisfy(\.isHexDigit) { return "{hex}" + tail }
      return word
    }.joined(separator: " ")
  }
}
