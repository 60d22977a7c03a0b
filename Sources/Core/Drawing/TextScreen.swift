/// A terminal's screen without its escape sequences: text from the top, which scrolls when it is full. Draws only what
/// changes; nothing is kept but the place of the next character.
public struct TextScreen: Sendable {
  /// Where on the canvas.
  public let area: Rectangle
  /// Of the strokes.
  public var color: Color
  /// Of all else.
  public let background: Color
  /// Characters in a line.
  public let columns: Int
  /// Lines.
  public let rows: Int
  /// Where the next character goes.
  public private(set) var column = 0
  /// The line of the next character.
  public private(set) var row = 0

  /// A screen on a part of a canvas.
  ///
  /// - Parameter area: with room for a character, at least.
  public init(in area: Rectangle, color: Color = Color(0xc0c0c0), background: Color = .black) {
    columns = area.width / Font.width
    rows = area.height / Font.height
    precondition(columns > 0 && rows > 0, "a text screen has room for a character")
    self.area = area
    self.color = color
    self.background = background
  }

  /// Empties the screen.
  public mutating func clear(_ canvas: inout Canvas) {
    canvas.fill(area, with: background)
    (column, row) = (0, 0)
  }

  /// Writes text. Line feed begins a line, carriage return goes back to the line's begin, tab to the next multiple of
  /// eight, backspace one to the left.
  ///
  /// The lines that it will need are made free by one move of what is there, not by one for each.
  public mutating func write(_ text: some Collection<Unicode.Scalar>, on canvas: inout Canvas) {
    var lines = 0
    for character in text where character == "\n" { lines += 1 }
    // No further than up to the line that is being written.
    let excess = min(row + lines - (rows - 1), row)
    if excess > 0 { scroll(excess, &canvas) }
    for character in text { write(character, on: &canvas) }
  }

  /// Writes text.
  public mutating func write(_ text: String, on canvas: inout Canvas) { write(text.unicodeScalars, on: &canvas) }

  /// Writes one character.
  public mutating func write(_ character: Unicode.Scalar, on canvas: inout Canvas) {
    switch character.value {
    case 0x0a: advance(&canvas)
    case 0x0d: column = 0
    case 0x08: column = max(0, min(column, columns) - 1)
    case 0x09:
      repeat { write(" ", on: &canvas) } while column % 8 != 0 && column < columns
    default:
      // Behind the last column only when there is something to write there: a full line and a line feed are one line.
      if column >= columns { advance(&canvas) }
      canvas.draw(
        character, x: area.x + column * Font.width, y: area.y + row * Font.height, color: color,
        background: background)
      column += 1
    }
  }

  private mutating func advance(_ canvas: inout Canvas) {
    column = 0
    if row + 1 == rows { scroll(1, &canvas) }
    row += 1
  }

  /// Moves everything up, and the place of the next character with it.
  private mutating func scroll(_ lines: Int, _ canvas: inout Canvas) {
    let used = Rectangle(x: area.x, y: area.y, width: area.width, height: rows * Font.height)
    canvas.scroll(used, upBy: lines * Font.height, filling: background)
    row -= lines
  }
}
