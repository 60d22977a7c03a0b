/// From keys to characters. Keys have Linux' numbers, which name places on a keyboard, not what is printed on them.
public enum KeyMap: Sendable {
  /// United States.
  case us
  /// Germany. Accents that wait for a letter stand for themselves.
  case german

  /// What a key types; nil for a key that types nothing.
  ///
  /// - Parameters:
  ///   - code: the key.
  ///   - modifiers: what is held, or locked. Alt and left Meta do not matter here.
  public func character(for code: UInt16, _ modifiers: KeyModifiers = []) -> Unicode.Scalar? {
    guard let key = key(code) else { return keypad(code, modifiers) }
    if modifiers.contains(.altGr) { return key.altGr }
    // Caps lock is shift for letters, and shift takes it back.
    let isShifted = modifiers.contains(.shift) != (modifiers.contains(.capsLock) && key.isLetter)
    guard let character = isShifted ? key.shifted : key.plain else { return nil }
    guard modifiers.contains(.control) else { return character }
    // Control with a letter, or with one of @ [ \ ] ^ _, is one of the first 32 characters.
    let value = character.value
    switch value {
    case 0x61...0x7a, 0x40...0x5f: return Unicode.Scalar(UInt8(value & 0x1f))
    case 0x20: return Unicode.Scalar(0 as UInt8)
    default: return character
    }
  }

  /// The same on all keyboards: the number pad, while number lock is on.
  private func keypad(_ code: UInt16, _ modifiers: KeyModifiers) -> Unicode.Scalar? {
    switch code {
    case 28, 96: return "\n"
    case 14: return "\u{8}"
    case 15: return "\t"
    case 1: return "\u{1b}"
    case 57: return modifiers.contains(.control) ? "\0" : " "
    case 55: return "*"
    case 74: return "-"
    case 78: return "+"
    case 98: return "/"
    case 71...83 where modifiers.contains(.numberLock):
      let digits: [Unicode.Scalar] = ["7", "8", "9", "-", "4", "5", "6", "+", "1", "2", "3", "0"]
      if code < 83 { return digits[Int(code - 71)] }
      return self == .german ? "," : "."
    default: return nil
    }
  }

  private func key(_ code: UInt16) -> Key? {
    switch self {
    case .us: Key.us(code)
    case .german: Key.german(code)
    }
  }
}

/// Keys that change what others type.
public struct KeyModifiers: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Wraps bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Either shift key is held.
  public static let shift = KeyModifiers(rawValue: 1)
  /// Either control key is held.
  public static let control = KeyModifiers(rawValue: 2)
  /// The left alt key is held.
  public static let alt = KeyModifiers(rawValue: 4)
  /// The right alt key is held.
  public static let altGr = KeyModifiers(rawValue: 8)
  /// Caps lock is on.
  public static let capsLock = KeyModifiers(rawValue: 16)
  /// Number lock is on.
  public static let numberLock = KeyModifiers(rawValue: 32)
  /// Scroll lock is on.
  public static let scrollLock = KeyModifiers(rawValue: 64)
}

/// What a key types, alone and with others.
struct Key {
  let plain: Unicode.Scalar?
  let shifted: Unicode.Scalar?
  let altGr: Unicode.Scalar?

  /// Caps lock matters: the key types a letter in both sizes, which are 32 apart in Latin-1.
  var isLetter: Bool {
    guard let small = plain?.value, let large = shifted?.value, small == large &+ 32 else { return false }
    return 0x61...0x7a ~= small || 0xe0...0xfe ~= small
  }

  /// A key of one of the four rows, by what they type from left to right: rows begin at the keys 2, 16, 30 and 43, and
  /// are 12 keys long, the last one 11. Key 86 is between the left shift key and the row's first letter.
  static func find(
    _ code: UInt16, plain: [Unicode.Scalar], shifted: [Unicode.Scalar], altGr: (UInt16) -> Unicode.Scalar?
  ) -> Key? {
    let index: Int
    switch code {
    case 2...13: index = Int(code) - 2
    case 16...27: index = Int(code) - 16 + 12
    case 30...41: index = Int(code) - 30 + 24
    case 43...53: index = Int(code) - 43 + 36
    case 86: index = 47
    default: return nil
    }
    return Key(plain: plain[index], shifted: shifted[index], altGr: altGr(code))
  }
}
