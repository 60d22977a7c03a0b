/// How a pixel of four bytes lies in memory. The letters are the bytes from the first to the last: blue, green, red,
/// alpha, and `x` for one that is not looked at.
public enum PixelFormat: CaseIterable, Sendable {
  /// Blue, green, red, alpha.
  case bgra
  /// Blue, green, red, nothing: what most hardware has.
  case bgrx
  /// Alpha, red, green, blue.
  case argb
  /// Nothing, red, green, blue.
  case xrgb
  /// Red, green, blue, alpha.
  case rgba
  /// Nothing, blue, green, red.
  case xbgr
  /// Alpha, blue, green, red.
  case abgr
  /// Red, green, blue, nothing.
  case rgbx

  /// The letters.
  public var name: String {
    switch self {
    case .bgra: "bgra"
    case .bgrx: "bgrx"
    case .argb: "argb"
    case .xrgb: "xrgb"
    case .rgba: "rgba"
    case .xbgr: "xbgr"
    case .abgr: "abgr"
    case .rgbx: "rgbx"
    }
  }

  /// Bytes of a pixel.
  public static var byteCount: Int { 4 }

  /// The fourth byte says how much the pixel covers.
  public var hasAlpha: Bool {
    switch self {
    case .bgra, .argb, .rgba, .abgr: true
    case .bgrx, .xrgb, .xbgr, .rgbx: false
    }
  }

  /// Where in memory red, green, blue and the fourth byte are.
  private var places: (red: UInt32, green: UInt32, blue: UInt32, alpha: UInt32) {
    switch self {
    case .bgra, .bgrx: (2, 1, 0, 3)
    case .argb, .xrgb: (1, 2, 3, 0)
    case .rgba, .rgbx: (0, 1, 2, 3)
    case .xbgr, .abgr: (3, 2, 1, 0)
    }
  }

  /// A colour as a word in memory. A byte that is not looked at is 0.
  public func pixel(_ color: Color) -> UInt32 {
    let (red, green, blue, alpha) = places
    var word = UInt32(color.red) << (8 * red) | UInt32(color.green) << (8 * green) | UInt32(color.blue) << (8 * blue)
    if hasAlpha { word |= UInt32(color.alpha) << (8 * alpha) }
    return word.littleEndian
  }

  /// The colour of a word in memory; opaque where there is no alpha.
  public func color(_ pixel: UInt32) -> Color {
    let word = UInt32(littleEndian: pixel)
    let byte = { (place: UInt32) in UInt8(truncatingIfNeeded: word >> (8 * place)) }
    let (red, green, blue, alpha) = places
    return Color(red: byte(red), green: byte(green), blue: byte(blue), alpha: hasAlpha ? byte(alpha) : 255)
  }
}
