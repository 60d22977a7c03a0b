#if os(none)
  /// The words behind a command, checked as they are asked for.
  struct CommandArguments {
    private let command: String
    private let words: [String]

    init(_ command: String, _ words: [String]) {
      self.command = command
      self.words = words
    }

    /// How many there are.
    var count: Int { words.count }
    /// A word; the caller has checked that it is there.
    subscript(index: Int) -> String { words[index] }

    /// Refuses any other number of words.
    func expect(_ usage: String, _ range: ClosedRange<Int>) throws(CommandError) {
      guard range.contains(words.count) else {
        throw CommandError("\(command): \(words.count) arguments, expected '\(usage)'")
      }
    }

    /// A whole number, decimal or after `0x` hexadecimal.
    func number(_ index: Int, _ name: String, _ range: ClosedRange<UInt64>) throws(CommandError) -> UInt64 {
      let word = words[index]
      let value = word.hasPrefix("0x") ? UInt64(word.dropFirst(2), radix: 16) : UInt64(word)
      guard let value, range.contains(value) else {
        throw CommandError(
          "\(command): \(name) '\(word)', expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }

    /// Bytes, two hexadecimal digits each.
    func bytes(_ index: Int, _ name: String) throws(CommandError) -> [UInt8] {
      let digits = Array(words[index].utf8)
      guard digits.count % 2 == 0, !digits.isEmpty else {
        throw CommandError("\(command): \(name) of \(digits.count) digits, expected two for each byte")
      }
      var bytes: [UInt8] = []
      for position in stride(from: 0, to: digits.count, by: 2) {
        guard let high = Self.value(digits[position]), let low = Self.value(digits[position + 1]) else {
          throw CommandError(
            "\(command): \(name) has something else than hexadecimal digits at position \(position), expected 0-9, a-f")
        }
        bytes.append(high << 4 | low)
      }
      return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
      default: nil
      }
    }
  }
#endif
