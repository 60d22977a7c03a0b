/// Pixels that are there already.
extension Canvas {
  /// Draws an image of the canvas's own format.
  ///
  /// - Parameters:
  ///   - image: row by row from the top, without gaps; as many rows as there are whole ones.
  ///   - imageWidth: in pixels, 1 or more.
  ///   - x: column of the image's left edge.
  ///   - y: row of the image's top.
  @_lifetime(self: copy self)
  public mutating func draw(_ image: Span<UInt32>, width imageWidth: Int, x: Int, y: Int) {
    precondition(imageWidth > 0, "an image has columns")
    let frame = Rectangle(x: x, y: y, width: imageWidth, height: image.count / imageWidth)
    let area = frame.intersection(bounds)
    if area.isEmpty { return }
    for row in area.y..<area.bottom {
      let source = (row - y) * imageWidth - x
      let target = row * stride
      for column in area.x..<area.right { pixels[target + column] = image[source + column] }
    }
    touch(area)
  }

  /// Copies a rectangle to another place; they may overlap.
  ///
  /// - Parameters:
  ///   - source: cut off at the edges first.
  ///   - x: the column that its left edge goes to.
  ///   - y: the row that its top goes to.
  @_lifetime(self: copy self)
  public mutating func copy(_ source: Rectangle, toX x: Int, y: Int) {
    let inside = source.intersection(bounds)
    if inside.isEmpty { return }
    // Where the part that is inside goes. Far outside, there is nothing to see whatever the numbers are.
    let (left, overflowX) = x.addingReportingOverflow(inside.x - source.x)
    let (top, overflowY) = y.addingReportingOverflow(inside.y - source.y)
    if overflowX || overflowY { return }
    let area = Rectangle(x: left, y: top, width: inside.width, height: inside.height).intersection(bounds)
    if area.isEmpty { return }
    let (dx, dy) = (inside.x - left, inside.y - top)
    for step in 0..<area.height {
      // Away from where it goes, so that nothing is read after it was overwritten.
      let row = dy >= 0 ? area.y + step : area.bottom - 1 - step
      let (target, origin) = (row * stride, (row + dy) * stride + dx)
      if dx >= 0 {
        for column in area.x..<area.right { pixels[target + column] = pixels[origin + column] }
      } else {
        for column in (area.x..<area.right).reversed() { pixels[target + column] = pixels[origin + column] }
      }
    }
    touch(area)
  }

  /// Moves a rectangle's pixels up inside it; those at its top are gone, and the rows that get free at its bottom are
  /// filled.
  ///
  /// - Parameters:
  ///   - rectangle: which part.
  ///   - rows: by how much; all of it when there are no more rows, nothing when below 1.
  ///   - color: of the new rows.
  @_lifetime(self: copy self)
  public mutating func scroll(_ rectangle: Rectangle, upBy rows: Int, filling color: Color) {
    let area = rectangle.intersection(bounds)
    if area.isEmpty || rows < 1 { return }
    let kept = max(0, area.height - rows)
    if kept > 0 {
      let source = Rectangle(x: area.x, y: area.y + rows, width: area.width, height: kept)
      copy(source, toX: area.x, y: area.y)
    }
    fill(Rectangle(x: area.x, y: area.y + kept, width: area.width, height: area.height - kept), with: color)
  }
}
