// What should be on a guest's screen.

import Drawing
import VirtualMachine

/// A picture, drawn here by what the kernel draws with.
struct ExpectedPicture {
  let width: Int
  let height: Int
  /// Red, green, blue; row by row, as in a screenshot.
  private let bytes: [UInt8]

  private init(_ width: Int, _ height: Int, _ draw: (inout Canvas) -> Void) {
    (self.width, self.height) = (width, height)
    var pixels = [UInt32](repeating: 0, count: width * height)
    var canvas = Canvas(pixels.mutableSpan, width: width, height: height, stride: width, format: .bgrx)
    draw(&canvas)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * pixels.count)
    for pixel in pixels {
      let word = UInt32(littleEndian: pixel)
      bytes.append(UInt8(truncatingIfNeeded: word >> 16))
      bytes.append(UInt8(truncatingIfNeeded: word >> 8))
      bytes.append(UInt8(truncatingIfNeeded: word))
    }
    self.bytes = bytes
  }

  /// The test card.
  ///
  /// - Parameter name: what is written on it.
  static func card(_ name: String, _ width: Int, _ height: Int) -> ExpectedPicture {
    ExpectedPicture(width, height) { canvas in TestCard.draw(on: &canvas, name: name) }
  }

  /// Text on an empty screen, scrolled where it is too long. Laid out here and not by a `TextScreen`, which would scroll
  /// line by line, and would have to be right.
  static func text(_ text: String, _ width: Int, _ height: Int) -> ExpectedPicture {
    ExpectedPicture(width, height) { canvas in
      let lines = lines(of: text, columns: width / Font.width).suffix(height / Font.height)
      for (row, line) in lines.enumerated() {
        for (column, character) in line.enumerated() {
          canvas.draw(
            character, x: column * Font.width, y: row * Font.height, color: Color(0xc0c0c0), background: .black)
        }
      }
    }
  }

  /// What stands in each line of a screen with so many columns, if it had lines without end.
  private static func lines(of text: String, columns: Int) -> [[Unicode.Scalar]] {
    var lines: [[Unicode.Scalar]] = [[]]
    var column = 0
    func begin() {
      lines.append([])
      column = 0
    }
    func put(_ character: Unicode.Scalar) {
      if column == columns { begin() }
      let line = lines.count - 1
      if column < lines[line].count { lines[line][column] = character } else { lines[line].append(character) }
      column += 1
    }
    for character in text.unicodeScalars {
      switch character {
      case "\n": begin()
      case "\r": column = 0
      case "\u{8}": column = max(0, column - 1)
      case "\t": repeat { put(" ") } while column % 8 != 0 && column < columns
      default: put(character)
      }
    }
    return lines
  }

  /// The picture as a file.
  var ppm: [UInt8] { Array("P6\n\(width) \(height)\n255\n".utf8) + bytes }

  /// The first difference in words; nil when there is none.
  func difference(from picture: Screenshot) -> String? {
    guard picture.width == width, picture.height == height else {
      return "a screen of \(picture.width)x\(picture.height), expected \(width)x\(height)"
    }
    if picture.bytes == bytes { return nil }
    let found = { (index: Int) in (0..<3).map { picture.bytes[3 * index + $0] } }
    let expected = { (index: Int) in (0..<3).map { bytes[3 * index + $0] } }
    let wrong = (0..<width * height).filter { found($0) != expected($0) }
    let first = wrong.first ?? 0
    return "\(wrong.count) pixels differ, the first at \(first % width), \(first / width): "
      + "\(found(first)), expected \(expected(first))"
  }
}
