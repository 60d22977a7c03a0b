extension Canvas {
  /// Draws one line of text; every character is as wide as the others.
  ///
  /// - Parameters:
  ///   - text: control characters are shown as what the font does not have.
  ///   - x: column of the first character's left edge.
  ///   - y: row of the characters' top.
  ///   - color: of the strokes.
  ///   - background: of what is between them; nil leaves it as it is.
  @_lifetime(self: copy self)
  public mutating func draw(_ text: String, x: Int, y: Int, color: Color, background: Color? = nil) {
    var left = x
    for character in text.unicodeScalars {
      draw(character, x: left, y: y, color: color, background: background)
      left = left.addingReportingOverflow(Font.width).partialValue
    }
  }

  /// Draws one character. Parameters are as for text.
  @_lifetime(self: copy self)
  public mutating func draw(_ character: Unicode.Scalar, x: Int, y: Int, color: Color, background: Color? = nil) {
    let area = Rectangle(x: x, y: y, width: Font.width, height: Font.height).intersection(bounds)
    if area.isEmpty { return }
    let (upper, lower) = Font.rows(of: character)
    let stroke = format.pixel(color)
    let ground = background.map { format.pixel($0) }
    for row in area.y..<area.bottom {
      let line = row - y
      let word = line < 8 ? upper : lower
      let bits = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (line & 7)))
      let target = row * stride
      for column in area.x..<area.right {
        if bits & (0x80 >> UInt8(truncatingIfNeeded: column - x)) != 0 {
          pixels[target + column] = stroke
        } else if let ground {
          pixels[target + column] = ground
        }
      }
    }
    touch(area)
  }
}
