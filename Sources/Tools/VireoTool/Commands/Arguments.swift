// Words of a command line, one after the other.

struct Arguments {
  private var rest: ArraySlice<String>
  private let usage: String

  init(_ arguments: [String], usage: String) {
    rest = arguments[...]
    self.usage = usage
  }

  mutating func next() -> String? { rest.popFirst() }

  mutating func value(of option: String) throws(UsageError) -> String {
    guard let value = rest.popFirst() else { throw UsageError("\(option) needs a value\nusage: \(usage)") }
    return value
  }

  mutating func positiveNumber(of option: String) throws(UsageError) -> Int {
    let text = try value(of: option)
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw UsageError("\(option) '\(text)': expected a whole number from 1 to 1000000")
    }
    return number
  }

  mutating func number(of option: String, in range: ClosedRange<UInt64>) throws(UsageError) -> UInt64 {
    let text = try value(of: option)
    guard let number = UInt64(text), range.contains(number) else {
      throw UsageError(
        "\(option) '\(text)': expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func unknown(_ word: String) -> UsageError { UsageError("unknown argument '\(word)'\nusage: \(usage)") }
}
