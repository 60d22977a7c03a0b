/// Memory of pixels to draw on: lent by a display for as long as it takes.
///
/// Drawing is cut off at the edges; nothing that is drawn, wherever, is a mistake. What was touched is added up in
/// `damage`, for the display to show.
public struct Canvas: ~Copyable, ~Escapable {
  var pixels: MutableSpan<UInt32>
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// Pixels from a row's first one to the next row's.
  public let stride: Int
  /// How a pixel lies in memory.
  public let format: PixelFormat
  /// The smallest rectangle with everything that was drawn.
  public internal(set) var damage = Rectangle.empty

  /// A canvas over memory.
  ///
  /// - Parameters:
  ///   - pixels: row by row from the top.
  ///   - width: 1 or more.
  ///   - height: 1 or more.
  ///   - stride: pixels from row to row, `width` or more.
  ///   - format: of the pixels.
  @_lifetime(copy pixels)
  public init(
    _ pixels: consuming MutableSpan<UInt32>, width: Int, height: Int, stride: Int, format: PixelFormat
  ) {
    precondition(width > 0 && height > 0 && stride >= width, "a canvas has pixels")
    let (behind, overflow) = stride.multipliedReportingOverflow(by: height - 1)
    precondition(!overflow && pixels.count >= width && behind <= pixels.count - width, "memory for a canvas")
    self.pixels = pixels
    self.width = width
    self.height = height
    self.stride = stride
    self.format = format
  }

  /// All of it.
  public var bounds: Rectangle { Rectangle(x: 0, y: 0, width: width, height: height) }

  /// The colour of a pixel; nil outside.
  public subscript(x: Int, y: Int) -> Color? {
    guard x >= 0, y >= 0, x < width, y < height else { return nil }
    return format.color(pixels[y * stride + x])
  }

  /// Sets a pixel.
  @_lifetime(self: copy self)
  public mutating func set(x: Int, y: Int, to color: Color) {
    fill(Rectangle(x: x, y: y, width: 1, height: 1), with: color)
  }

  /// Fills everything.
  @_lifetime(self: copy self)
  public mutating func clear(_ color: Color) { fill(bounds, with: color) }

  /// Fills a rectangle.
  @_lifetime(self: copy self)
  public mutating func fill(_ rectangle: Rectangle, with color: Color) {
    let area = rectangle.intersection(bounds)
    if area.isEmpty { return }
    let pixel = format.pixel(color)
    for y in area.y..<area.bottom {
      let row = y * stride
      for x in area.x..<area.right { pixels[row + x] = pixel }
    }
    touch(area)
  }

  /// Draws a rectangle's outermost pixels.
  @_lifetime(self: copy self)
  public mutating func frame(_ rectangle: Rectangle, with color: Color) {
    if rectangle.isEmpty { return }
    let (right, bottom) = (rectangle.right, rectangle.bottom)
    fill(Rectangle(x: rectangle.x, y: rectangle.y, width: rectangle.width, height: 1), with: color)
    fill(Rectangle(x: rectangle.x, y: bottom - 1, width: rectangle.width, height: 1), with: color)
    fill(Rectangle(x: rectangle.x, y: rectangle.y, width: 1, height: rectangle.height), with: color)
    fill(Rectangle(x: right - 1, y: rectangle.y, width: 1, height: rectangle.height), with: color)
  }

  /// Notes that something was drawn. The area is inside.
  @_lifetime(self: copy self)
  mutating func touch(_ area: Rectangle) { damage = damage.union(area) }
}
