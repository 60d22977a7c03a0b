/// A rectangle of pixels: column and row of its upper left corner, columns to the right, rows down.
public struct Rectangle: Equatable, Hashable, Sendable {
  /// Column of the leftmost pixels.
  public var x: Int
  /// Row of the topmost pixels.
  public var y: Int
  /// In pixels; nothing is in a rectangle that is not at least one wide.
  public var width: Int
  /// In pixels; nothing is in a rectangle that is not at least one high.
  public var height: Int

  /// A rectangle anywhere.
  public init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// A rectangle without pixels.
  public static let empty = Rectangle(x: 0, y: 0, width: 0, height: 0)

  /// No pixel is in it.
  public var isEmpty: Bool { width <= 0 || height <= 0 }
  /// The column behind the last one.
  public var right: Int { Self.sum(x, width) }
  /// The row behind the last one.
  public var bottom: Int { Self.sum(y, height) }

  /// The pixels that are in both; `empty` if there are none.
  public func intersection(_ other: Rectangle) -> Rectangle {
    if isEmpty || other.isEmpty { return .empty }
    let (left, top) = (max(x, other.x), max(y, other.y))
    let (right, bottom) = (min(right, other.right), min(bottom, other.bottom))
    if left >= right || top >= bottom { return .empty }
    return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
  }

  /// The smallest rectangle that has all pixels of both. For rectangles that are on a screen: their edges have to be
  /// less than `Int.max` apart.
  public func union(_ other: Rectangle) -> Rectangle {
    if isEmpty { return other.isEmpty ? .empty : other }
    if other.isEmpty { return self }
    let (left, top) = (min(x, other.x), min(y, other.y))
    return Rectangle(
      x: left, y: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
  }

  /// All pixels of the other one are in this one.
  public func contains(_ other: Rectangle) -> Bool {
    !other.isEmpty && other.x >= x && other.y >= y && other.right <= right && other.bottom <= bottom
  }

  private static func sum(_ start: Int, _ length: Int) -> Int {
    let (sum, overflow) = start.addingReportingOverflow(length)
    return overflow ? .max : sum
  }
}
