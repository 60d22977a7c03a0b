/// A colour: three lights from 0 to 255, and how much it covers.
public struct Color: Equatable, Hashable, Sendable {
  /// From 0 to 255.
  public var red, green, blue: UInt8
  /// From 0, transparent, to 255. Screens show everything as opaque; pointers do not.
  public var alpha: UInt8

  /// A colour, opaque if nothing else is said.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
  }

  /// An opaque colour as people write it down: 0xff8000 is orange.
  public init(_ rgb: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: rgb >> 16), green: UInt8(truncatingIfNeeded: rgb >> 8),
      blue: UInt8(truncatingIfNeeded: rgb))
  }

  /// All lights off.
  public static let black = Color(0x000000)
  /// All lights on.
  public static let white = Color(0xffffff)
  /// Nothing.
  public static let transparent = Color(red: 0, green: 0, blue: 0, alpha: 0)
}
