import Drawing
import Testing
import VirtualMachine

@testable import VireoTool

/// The comparison of screenshots with what should be there.
@Suite struct ExpectedPictureTests {
  /// A screenshot of one colour but for a pixel.
  private func screenshot(_ width: Int, _ height: Int, pixel: Int? = nil) throws -> Screenshot {
    var bytes = [UInt8](repeating: 0, count: 3 * width * height)
    if let pixel { bytes[3 * pixel + 1] = 7 }
    return try Screenshot(ppm: Array("P6\n\(width) \(height)\n255\n".utf8) + bytes)
  }

  @Test func emptyText_isBlack() throws {
    let picture = ExpectedPicture.text("", 40, 30)
    #expect(picture.difference(from: try screenshot(40, 30)) == nil)
    #expect(picture.difference(from: try screenshot(39, 30)) == "a screen of 39x30, expected 40x30")
    #expect(
      picture.difference(from: try screenshot(40, 30, pixel: 85))
        == "1 pixels differ, the first at 5, 2: [0, 7, 0], expected [0, 0, 0]")
  }

  @Test func cardsWithOtherNames_areOtherPictures() throws {
    let (first, second) = (ExpectedPicture.card("a", 320, 200), ExpectedPicture.card("b", 320, 200))
    #expect(first.screenshot == first.screenshot && first.screenshot != second.screenshot)
    #expect(first.difference(from: first.screenshot) == nil)
    #expect(first.difference(from: second.screenshot) != nil)
    #expect(ExpectedPicture.text("a", 320, 200).difference(from: first.screenshot) != nil)
  }

  /// It is laid out apart from the screen that guests write on: both must come to the same.
  @Test(arguments: [
    "short", "one\ntwo\n\nfour", "0123456789012345678901234567890123456789", "0123456789\nfull line, then a line feed",
    "a\tb\tc and a tab at the end 0\t1", "back\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}forth", "over\rwritten", "0123456789\u{8}x",
    (0..<40).map { "line \($0)\n" }.joined(), (0..<9).map { "a line that is too long, \($0)\n" }.joined(),
  ])
  func text_isWhatATextScreenShows(_ text: String) throws {
    let (width, height) = (10 * Font.width + 3, 5 * Font.height + 7)
    var pixels = [UInt32](repeating: 0, count: width * height)
    var canvas = Canvas(pixels.mutableSpan, width: width, height: height, stride: width, format: .bgrx)
    var screen = TextScreen(in: canvas.bounds)
    for character in text.unicodeScalars { screen.write(character, on: &canvas) }
    let bytes = pixels.flatMap {
      [UInt8(truncatingIfNeeded: $0 >> 16), UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
    }
    let shown = try Screenshot(ppm: Array("P6\n\(width) \(height)\n255\n".utf8) + bytes)
    #expect(ExpectedPicture.text(text, width, height).difference(from: shown) == nil)
    #expect(ExpectedPicture.text(text + "?", width, height).difference(from: shown) != nil)
  }
}

extension ExpectedPicture {
  /// Itself, as QEMU would write it.
  fileprivate var screenshot: Screenshot {
    do { return try Screenshot(ppm: ppm) } catch { preconditionFailure("a picture that cannot be read") }
  }
}
