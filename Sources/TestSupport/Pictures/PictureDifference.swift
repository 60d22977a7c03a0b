public import Drawing
public import VirtualMachine

/// What differs between a screen and what should be on it: how many pixels, and the first one in words.
public struct PictureDifference: CustomStringConvertible, Equatable, Sendable {
  /// Pixels that differ; all of them for a screen of another size.
  public private(set) var count = 0
  private var first = ""

  /// The number, and the first one in words.
  public var description: String { count == 0 ? "no difference" : "\(count) pixels differ; \(first)" }
  /// The screen is as it should be.
  public static let none = PictureDifference()

  /// - Parameter expected: the colour in column x and row y.
  public init(_ screen: Screenshot, width: Int, height: Int, _ expected: (Int, Int) -> Color) {
    guard screen.width == width, screen.height == height else {
      (count, first) = (max(1, width * height), "a screen of \(screen.width)x\(screen.height), not \(width)x\(height)")
      return
    }
    for y in 0..<height {
      for x in 0..<width {
        let (found, color) = (screen[x, y], expected(x, y))
        if found == Screenshot.Pixel(red: color.red, green: color.green, blue: color.blue) { continue }
        if count == 0 { first = "\(x), \(y): \(found), expected \(color)" }
        count += 1
      }
    }
  }

  private init() {}
}
