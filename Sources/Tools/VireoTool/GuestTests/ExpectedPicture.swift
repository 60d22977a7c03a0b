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

  /// Text on an empty screen, scrolled where it is too long, character by character.
  static func text(_ text: String, _ width: Int, _ height: Int) -> ExpectedPicture {
    ExpectedPicture(width, height) { canvas in
      var screen = TextScreen(in: canvas.bounds)
      for character in text.unicodeScalars { screen.write(character, on: &canvas) }
    }
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
