/// The one font: 8 by 13 pixels for each character of ASCII and Latin-1.
public enum Font {
  /// Width of a character, in pixels.
  public static var width: Int { 8 }
  /// Height of a character, in pixels.
  public static var height: Int { 13 }

  /// The rows of a character from the top, one byte each, the highest bit on the left: row 0 in the highest byte of
  /// `upper`, row 8 in that of `lower`. A box of dots for what the font does not have.
  static func rows(of character: Unicode.Scalar) -> (upper: UInt64, lower: UInt64) {
    let index = index(of: character.value)
    return (glyphs[2 * index], glyphs[2 * index + 1])
  }

  /// The font has a picture of this character.
  public static func contains(_ character: Unicode.Scalar) -> Bool { index(of: character.value) != 0 }

  private static func index(of value: UInt32) -> Int {
    switch value {
    case 0x20...0x7e: Int(value - 0x20) + 1
    case 0xa0...0xff: Int(value - 0xa0) + 96
    default: 0
    }
  }
}
