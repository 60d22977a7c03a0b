public import Drawing
public import VirtualMachine

/// A picture that is the same nowhere: no row, column, colour or byte of it can stand for another.
public func patternColor(_ x: Int, _ y: Int, seed: Int = 0) -> Color {
  Color(
    red: UInt8(truncatingIfNeeded: 7 * x + 3 * y + seed), green: UInt8(truncatingIfNeeded: 5 * y + x >> 4 + 1),
    blue: UInt8(truncatingIfNeeded: 11 * x + 13 * y + 2 * seed))
}

extension Canvas {
  /// Draws the picture's part of an area.
  @_lifetime(self: copy self)
  public mutating func pattern(_ area: Rectangle, seed: Int = 0) {
    for y in area.y..<area.bottom {
      for x in area.x..<area.right { set(x: x, y: y, to: patternColor(x, y, seed: seed)) }
    }
  }
}

/// What should be on a screen on which parts of the picture were drawn one after another.
public struct DrawnPatterns {
  private let width: Int, height: Int
  private var seeds: [Int]

  /// All of it drawn with seed 0.
  public init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    seeds = [Int](repeating: 0, count: width * height)
  }

  /// An area was drawn.
  public mutating func draw(_ area: Rectangle, seed: Int) {
    for y in area.y..<area.bottom { for x in area.x..<area.right { seeds[y * width + x] = seed } }
  }

  /// What differs on a screen.
  public func difference(from screen: Screenshot) -> PictureDifference {
    PictureDifference(screen, width: width, height: height) { patternColor($0, $1, seed: seeds[$1 * width + $0]) }
  }

  /// Areas to draw one after another: all of it, single pixels, rows and columns, some at the edges.
  public static func areas(width: Int, height: Int) -> [Rectangle] {
    [
      Rectangle(x: 0, y: 0, width: width, height: height), Rectangle(x: 5, y: 5, width: 1, height: 1),
      Rectangle(x: width - 53, y: height - 11, width: 53, height: 11),
      Rectangle(x: 0, y: height / 2, width: width, height: 1),
      Rectangle(x: width - 1, y: 0, width: 1, height: height), Rectangle(x: 31, y: 17, width: 64, height: 40),
    ]
  }
}
