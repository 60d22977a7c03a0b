// One line of a golden log.

/// Literal text with named fields: `# timer: {number} Hz`. Whatever is not a field must be there to the letter.
package struct GoldenPattern: Sendable {
  /// What may stand where the log says `{name}`; never nothing.
  enum Field: String, CaseIterable, Sendable {
    /// `0x` and hexadecimal digits.
    case address
    /// Hexadecimal digits without `0x`.
    case hex
    /// Decimal digits.
    case number
    /// Decimal digits with one optional fraction: `12` or `0.034`.
    case time
    /// Decimal numbers joined by dots: `6.3.1`.
    case version

    /// The lengths of all prefixes of the text that the field may stand for, longest first.
    func prefixes(of text: ArraySlice<UInt8>) -> [Int] {
      let bytes = Array(text)
      func run(from start: Int, while isMember: (UInt8) -> Bool) -> Int {
        bytes.dropFirst(start).prefix(while: isMember).count
      }
      func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
      func isHex(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
      }
      switch self {
      case .number: return Array((0...run(from: 0, while: isDigit)).dropFirst().reversed())
      case .hex: return Array((0...run(from: 0, while: isHex)).dropFirst().reversed())
      case .address:
        guard bytes.starts(with: Array("0x".utf8)) else { return [] }
        return (0...run(from: 2, while: isHex)).dropFirst().reversed().map { $0 + 2 }
      case .time, .version:
        var ends: [Int] = []
        var end = run(from: 0, while: isDigit)
        if end > 0 { ends.append(end) }
        while ends.count < (self == .time ? 2 : 4), end > 0, end < bytes.count, bytes[end] == UInt8(ascii: ".") {
          let fraction = run(from: end + 1, while: isDigit)
          guard fraction > 0 else { break }
          end += 1 + fraction
          ends.append(end)
        }
        return ends.reversed()
      }
    }
  }

  private enum Part: Sendable {
    case literal([UInt8])
    case field(Field)
  }

  private let parts: [Part]

  package init(_ text: String) {
    var parts: [Part] = []
    var literal = ""
    var rest = Substring(text)
    while let character = rest.first {
      let field = Field.allCases.first { rest.hasPrefix("{\($0.rawValue)}") }
      if let field {
        if !literal.isEmpty { parts.append(.literal(Array(literal.utf8))) }
        literal = ""
        parts.append(.field(field))
        rest = rest.dropFirst(field.rawValue.count + 2)
      } else {
        literal.append(character)
        rest = rest.dropFirst()
      }
    }
    if !literal.isEmpty { parts.append(.literal(Array(literal.utf8))) }
    self.parts = parts
  }

  package func matches(_ line: String) -> Bool {
    GoldenPattern.matches(parts[...], Array(line.utf8)[...])
  }

  private static func matches(_ parts: ArraySlice<Part>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let part = parts.first else { return text.isEmpty }
    switch part {
    case .literal(let bytes):
      return text.starts(with: bytes) && matches(parts.dropFirst(), text.dropFirst(bytes.count))
    case .field(let field):
      return field.prefixes(of: text).contains { matches(parts.dropFirst(), text.dropFirst($0)) }
    }
  }
}
