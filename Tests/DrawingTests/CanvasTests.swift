import Drawing
import Testing

struct CanvasTests {
  @Test func fill_atEveryEdge_isCutOff() {
    var picture = Picture(5, 4, stride: 7)
    let damage = picture.draw { canvas in
      canvas.clear(.black)
      canvas.fill(Rectangle(x: -3, y: -1, width: 5, height: 2), with: .white)
      canvas.fill(Rectangle(x: 4, y: 3, width: .max, height: .max), with: .white)
      canvas.fill(Rectangle(x: 0, y: 2, width: 0, height: 9), with: .white)
      canvas.fill(Rectangle(x: .max, y: .max, width: .max, height: .max), with: .white)
      canvas.set(x: 2, y: 2, to: .white)
      canvas.set(x: 5, y: 2, to: .white)
      canvas.set(x: -1, y: 2, to: .white)
    }
    #expect(picture.text == ["##...", ".....", "..#..", "....#"])
    #expect(picture.isPaddingUntouched && damage == Rectangle(x: 0, y: 0, width: 5, height: 4))
  }

  @Test func damage_isTheSmallestRectangleWithAllThatWasDrawn() {
    var picture = Picture(9, 9)
    let damage = picture.draw { canvas in
      canvas.set(x: 2, y: 7, to: .white)
      canvas.set(x: 5, y: 3, to: .white)
      canvas.fill(Rectangle(x: 20, y: 20, width: 3, height: 3), with: .white)
    }
    #expect(damage == Rectangle(x: 2, y: 3, width: 4, height: 5))
    #expect(picture.draw { _ in } == .empty)
  }

  @Test func frame_drawsTheOutermostPixelsOnly() {
    var picture = Picture(5, 4)
    picture.draw { canvas in
      canvas.clear(.black)
      canvas.frame(canvas.bounds, with: .white)
    }
    #expect(picture.text == ["#####", "#...#", "#...#", "#####"])
  }

  @Test(arguments: [(1, 1), (-1, -1), (1, -1), (-1, 1), (0, 1), (0, -1), (1, 0), (-1, 0), (3, 2), (9, 0), (0, -9)])
  func copy_overlapping_isAsFromACopy(_ dx: Int, _ dy: Int) {
    var picture = Picture(8, 7, stride: 9)
    picture.draw { canvas in
      for y in 0..<7 { for x in 0..<8 { canvas.set(x: x, y: y, to: Color(UInt32(16 * y + x + 1))) } }
    }
    let before = picture.words
    let source = Rectangle(x: 1, y: 1, width: 6, height: 5)
    picture.draw { canvas in canvas.copy(source, toX: 1 + dx, y: 1 + dy) }
    for y in 0..<7 {
      for x in 0..<8 {
        let isTarget = source.contains(Rectangle(x: x - dx, y: y - dy, width: 1, height: 1))
        let expected = isTarget ? before[(y - dy) * 9 + x - dx] : before[y * 9 + x]
        #expect(picture.words[y * 9 + x] == expected, "at \(x), \(y)")
      }
    }
    #expect(picture.isPaddingUntouched)
  }

  @Test func copy_toFarAway_doesNothing() {
    var picture = Picture(4, 4)
    let damage = picture.draw { canvas in
      canvas.copy(Rectangle(x: -2, y: -2, width: 4, height: 4), toX: .max, y: .max)
      canvas.copy(Rectangle(x: 0, y: 0, width: 4, height: 4), toX: .min, y: 0)
      canvas.copy(Rectangle(x: 40, y: 0, width: 4, height: 4), toX: 0, y: 0)
    }
    #expect(damage == .empty)
  }

  @Test func scroll_movesUpAndFills() {
    var picture = Picture(3, 4)
    picture.draw { canvas in
      canvas.clear(.black)
      canvas.fill(Rectangle(x: 0, y: 2, width: 2, height: 1), with: .white)
      canvas.fill(Rectangle(x: 0, y: 3, width: 1, height: 1), with: .white)
      canvas.scroll(canvas.bounds, upBy: 2, filling: .black)
    }
    #expect(picture.text == ["##.", "#..", "...", "..."])
    picture.draw { canvas in canvas.scroll(canvas.bounds, upBy: 4, filling: .white) }
    #expect(picture.text == ["###", "###", "###", "###"])
  }

  @Test func image_atTheCorners_isCutOff() {
    var picture = Picture(4, 3)
    let white: UInt32 = 0x00ff_ffff
    let image: [UInt32] = [white, 0, 0, white, white, 0]
    picture.draw { canvas in
      canvas.clear(.black)
      canvas.draw(image.span, width: 2, x: -1, y: -1)
      canvas.draw(image.span, width: 2, x: 3, y: 1)
    }
    #expect(picture.text == ["#...", "...#", "...."])
  }

  @Test func subscript_readsBackWhatWasSet() {
    var picture = Picture(2, 2)
    for format in PixelFormat.allCases {
      picture.draw(format) { canvas in
        let color = Color(red: 1, green: 2, blue: 3, alpha: format.hasAlpha ? 4 : 255)
        canvas.set(x: 1, y: 0, to: color)
        #expect(canvas[1, 0] == color)
        #expect(canvas[2, 0] == nil && canvas[0, -1] == nil)
      }
    }
  }
}
