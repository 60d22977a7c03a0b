/// A picture that shows whether a screen is right: colours, edges, gradients, letters, copied and moved parts. It uses
/// every way to draw, and looks the same in every format.
public enum TestCard {
  /// Draws the card over everything.
  ///
  /// - Parameter name: is written on it.
  public static func draw(on canvas: inout Canvas, name: String) {
    canvas.clear(Color(0x20_2830))
    drawBars(on: &canvas)
    drawGradients(on: &canvas)
    drawCopies(on: &canvas)
    drawText(on: &canvas, name: name)
    // The outermost pixels: one that is missing is a screen that was cut off.
    canvas.frame(canvas.bounds, with: .white)
    for corner in 0..<4 {
      let (right, bottom) = (corner & 1 == 1, corner & 2 == 2)
      for step in 2..<10 {
        canvas.set(
          x: right ? canvas.width - 1 - step : step, y: bottom ? canvas.height - 1 - step : step,
          to: Color(0xff_ff00))
      }
    }
  }

  private static let colors: [UInt32] = [
    0xff_ffff, 0xff_ff00, 0x00_ffff, 0x00_ff00, 0xff_00ff, 0xff_0000, 0x00_00ff, 0x00_0000,
  ]

  private static func drawBars(on canvas: inout Canvas) {
    let (width, height) = (canvas.width, canvas.height / 3)
    for (index, color) in colors.enumerated() {
      let left = index * width / colors.count
      let right = (index + 1) * width / colors.count
      canvas.fill(Rectangle(x: left, y: 0, width: right - left, height: height), with: Color(color))
    }
  }

  /// Red, green, blue and all three, from dark to light.
  private static func drawGradients(on canvas: inout Canvas) {
    let top = canvas.height / 3
    let height = max(1, canvas.height / 24)
    for x in 0..<canvas.width {
      let light = UInt8(truncatingIfNeeded: x * 255 / max(1, canvas.width - 1))
      for row in 0..<4 {
        canvas.fill(
          Rectangle(x: x, y: top + row * height, width: 1, height: height),
          with: Color(
            red: row == 0 || row == 3 ? light : 0, green: row == 1 || row == 3 ? light : 0,
            blue: row == 2 || row == 3 ? light : 0))
      }
    }
  }

  /// A chessboard, drawn as an image; a part of the bars, copied; and a part of that, moved up.
  private static func drawCopies(on canvas: inout Canvas) {
    let side = 32
    let top = canvas.height / 3 + max(1, canvas.height / 24) * 4 + 4
    var image: [UInt32] = []
    for y in 0..<side {
      for x in 0..<side {
        image.append(canvas.format.pixel(Color((x / 4 + y / 4) & 1 == 0 ? 0xff_8000 : 0x00_4080)))
      }
    }
    canvas.draw(image.span, width: side, x: 12, y: top)
    canvas.copy(
      Rectangle(x: canvas.width / 4, y: 0, width: canvas.width / 2, height: side), toX: side + 24, y: top)
    canvas.scroll(
      Rectangle(x: side + 24, y: top, width: canvas.width / 4, height: side), upBy: side / 2, filling: Color(0x80_8080))
  }

  private static func drawText(on canvas: inout Canvas, name: String) {
    let top = canvas.height / 3 + max(1, canvas.height / 24) * 4 + 44
    canvas.draw(
      "\(name)  \(canvas.width)x\(canvas.height)", x: 12, y: top, color: .white, background: Color(0x00_4000))
    canvas.draw("The quick brown fox: äöüß ÀÉÎÕÜ ¿¡ £ § ½ ²", x: 12, y: top + Font.height + 3, color: Color(0xff_e080))
  }
}
