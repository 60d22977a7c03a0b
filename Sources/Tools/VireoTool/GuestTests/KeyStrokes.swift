// Text as somebody types it on a keyboard of the United States.

import VirtualMachine

/// The keys that type something, in order; those that are pressed together in one list. QEMU's names.
struct KeyStrokes {
  let strokes: [[String]]

  /// nil when there is a character that is on no key.
  init?(_ text: String) {
    var strokes: [[String]] = []
    for character in text {
      guard let stroke = Self.stroke(character) else { return nil }
      strokes.append(stroke)
    }
    self.strokes = strokes
  }

  private static func stroke(_ character: Character) -> [String]? {
    if character.isASCII, character.isLetter || character.isNumber {
      let key = character.lowercased()
      return character.isUppercase ? ["shift", key] : [key]
    }
    if let key = plain[character] { return [key] }
    return shifted[character].map { ["shift", $0] }
  }

  private static let plain: [Character: String] = [
    " ": "spc", "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right", ";": "semicolon",
    "'": "apostrophe", "`": "grave_accent", "\\": "backslash", ",": "comma", ".": "dot", "/": "slash",
  ]

  private static let shifted: [Character: String] = [
    "!": "1", "@": "2", "#": "3", "$": "4", "%": "5", "^": "6", "&": "7", "*": "8", "(": "9", ")": "0",
    "_": "minus", "+": "equal", "{": "bracket_left", "}": "bracket_right", ":": "semicolon", "\"": "apostrophe",
    "~": "grave_accent", "|": "backslash", "<": "comma", ">": "dot", "?": "slash",
  ]
}
