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
}

extension ExpectedPicture {
  /// Itself, as QEMU would write it.
  fileprivate var screenshot: Screenshot {
    do { return try Screenshot(ppm: ppm) } catch { preconditionFailure("a picture that cannot be read") }
  }
}
