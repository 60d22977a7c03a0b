extension Key {
  private enum US {
    static let plain: [Unicode.Scalar] = [
      "1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "=",
      "q", "w", "e", "r", "t", "y", "u", "i", "o", "p", "[", "]",
      "a", "s", "d", "f", "g", "h", "j", "k", "l", ";", "'", "`",
      "\\", "z", "x", "c", "v", "b", "n", "m", ",", ".", "/",
      "<",
    ]
    static let shifted: [Unicode.Scalar] = [
      "!", "@", "#", "$", "%", "^", "&", "*", "(", ")", "_", "+",
      "Q", "W", "E", "R", "T", "Y", "U", "I", "O", "P", "{", "}",
      "A", "S", "D", "F", "G", "H", "J", "K", "L", ":", "\"", "~",
      "|", "Z", "X", "C", "V", "B", "N", "M", "<", ">", "?",
      ">",
    ]
  }

  /// The keyboard of the United States; it has no third character on any key.
  static func us(_ code: UInt16) -> Key? {
    find(code, plain: US.plain, shifted: US.shifted) { _ in nil }
  }
}
