// The Test Anything Protocol, as far as the guest speaks it.

/// One line `ok 3 - block: reads the seeded pattern`.
package struct TestPoint: Equatable, Sendable {
  package let isPassed: Bool
  package let number: Int
  package let text: String

  /// What stands before the first colon; the whole text where there is none.
  package var topic: String { String(text.split(separator: ":", maxSplits: 1).first ?? "") }

  init?(_ line: String) {
    let isPassed = line.hasPrefix("ok ")
    guard isPassed || line.hasPrefix("not ok ") else { return nil }
    let words = line.dropFirst(isPassed ? 3 : 7).split(separator: " ", maxSplits: 2)
    guard words.count == 3, words[1] == "-", let number = Int(words[0]) else { return nil }
    self.isPassed = isPassed
    self.number = number
    self.text = String(words[2])
  }
}
