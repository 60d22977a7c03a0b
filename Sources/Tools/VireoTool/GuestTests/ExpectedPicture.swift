// What should be on a guest's screen.

import Drawing
import Foundation
import Synchronization
import VirtualMachine

/// A picture, drawn here by what the kernel draws with.
struct ExpectedPicture: Sendable {
  let width: Int
  let height: Int
  /// Red, green, blue; row by row, as in a screenshot.
  private let bytes: Data

  private init(_ width: Int, _ height: Int, _ draw: (inout Canvas) -> Void) {
    (self.width, self.height) = (width, height)
    var pixels = [UInt32](repeating: 0, count: width * height)
    var canvas = Canvas(pixels.mutableSpan, width: width, height: height, stride: width, format: .bgrx)
    draw(&canvas)
    var bytes = [UInt8](repeating: 0, count: 3 * pixels.count)
    // A million times and never optimised: without iterators, and nothing for what is black.
    var index = 0
    while index < pixels.count {
      let word = UInt32(littleEndian: pixels[index])
      if word != 0 {
        bytes[3 * index] = UInt8(truncatingIfNeeded: word >> 16)
        bytes[3 * index + 1] = UInt8(truncatingIfNeeded: word >> 8)
        bytes[3 * index + 2] = UInt8(truncatingIfNeeded: word)
      }
      index += 1
    }
    self.bytes = Data(bytes)
  }

  // Those that were drawn: many guests show the same.
  private static let cards = Mutex<[String: ExpectedPicture]>([:])

  /// The test card.
  ///
  /// - Parameter name: what is written on it.
  static func card(_ name: String, _ width: Int, _ height: Int) -> ExpectedPicture {
    let key = "\(name) \(width)x\(height)"
    if let card = cards.withLock({ $0[key] }) { return card }
    let card = ExpectedPicture(width, height) { canvas in TestCard.draw(on: &canvas, name: name) }
    cards.withLock { $0[key] = card }
    return card
  }

  /// Text on an empty screen, scrolled where it is too long. Laid out here and not by a `TextScreen`, which would scroll
  /// line by line, and would have to be right.
  static func text(_ text: String, _ width: Int, _ height: Int) -> ExpectedPicture {
    ExpectedPicture(width, height) { canvas in
      let lines = lines(of: text, columns: width / Font.width).suffix(height / Font.height)
      for (row, line) in lines.enumerated() {
        for (column, character) in line.enumerated() where character != " " {
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

  /// Whether a screen shows it.
  func isShown(by picture: Screenshot) -> Bool {
    picture.width == width && picture.height == height && Data(picture.bytes) == bytes
  }

  /// The first difference in words; nil when there is none.
  func difference(from picture: Screenshot) -> String? {
    if isShown(by: picture) { return nil }
    guard picture.width == width, picture.height == height else {
      return "a screen of \(picture.width)x\(picture.height), expected \(width)x\(height)"
    }
    let (found, expected) = (picture.bytes, [UInt8](bytes))
    var wrong: [Int] = []
    var index = 0
    while index < expected.count {
      if found[index] != expected[index], wrong.last != index / 3 { wrong.append(index / 3) }
      index += 1
    }
    let first = wrong.first ?? 0
    return "\(wrong.count) pixels differ, the first at \(first % width), \(first / width): "
      + "\(found[3 * first..<3 * first + 3]), expected \(expected[3 * first..<3 * first + 3])"
  }
}
