extension Key {
  private enum German {
    static let plain: [Unicode.Scalar] = [
      "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "ß", "´",
      "q", "w", "e", "r", "t", "z", "u", "i", "o", "p", "ü", "+",
      "a", "s", "d", "f", "g", "h", "j", "k", "l", "ö", "ä", "^",
      "#", "y", "x", "c", "v", "b", "n", "m", ",", ".", "-",
      "<",
    ]
    static let shifted: [Unicode.Scalar] = [
      "!", "\"", "§", "$", "%", "&", "/", "(", ")", "=", "?", "`",
      "Q", "W", "E", "R", "T", "Z", "U", "I", "O", "P", "Ü", "*",
      "A", "S", "D", "F", "G", "H", "J", "K", "L", "Ö", "Ä", "°",
      "'", "Y", "X", "C", "V", "B", "N", "M", ";", ":", "_",
      ">",
    ]
  }

  /// The keyboard of Germany.
  static func german(_ code: UInt16) -> Key? {
    find(code, plain: German.plain, shifted: German.shifted) { code in
      switch code {
      case 3: "²"
      case 4: "³"
      case 8: "{"
      case 9: "["
      case 10: "]"
      case 11: "}"
      case 12: "\\"
      case 16: "@"
      case 18: "€"
      case 27: "~"
      case 50: "µ"
      case 86: "|"
      default: nil
      }
    }
  }
}
