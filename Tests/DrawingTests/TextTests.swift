import Drawing
import Testing
import VirtIOTestSupport

struct TextTests {
  /// One move for many lines leaves the picture that one for each line does.
  @Test func linesAtOnce_lookAsLinesOneByOne() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<50 {
      var (once, each) = (Picture(43, 60), Picture(43, 60))
      var texts = [TextScreen(in: Rectangle(x: 1, y: 2, width: 41, height: 56))]
      texts.append(texts[0])
      once.draw { canvas in canvas.clear(.black) }
      each.draw { canvas in canvas.clear(.black) }
      for _ in 0..<6 {
        let letters: [Unicode.Scalar] = ["a", "b", "\n", "\n", "\t", "X", "\r", "ß", "\u{8}"]
        let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
          letters[Int.random(in: 0..<9, using: &random)]
        }
        once.draw { canvas in texts[0].write(text, on: &canvas) }
        each.draw { canvas in for character in text { texts[1].write(character, on: &canvas) } }
        #expect(once.text == each.text && texts[0].row == texts[1].row && texts[0].column == texts[1].column)
      }
    }
  }

  @Test func letters_areTheFonts() {
    var picture = Picture(16, 13)
    picture.draw { canvas in canvas.draw("Aß", x: 0, y: 0, color: .white, background: .black) }
    #expect(
      picture.text == [
        "................", "................", "...##.....###...", "..#..#...#...#..", ".#....#..#...#..",
        ".#....#..#..#...", ".#....#..#.#....", ".######..#..##..", ".#....#..#....#.", ".#....#..#....#.",
        ".#....#..#.###..", "................", "................",
      ])
  }

  /// Each of Latin-1 has a picture of its own but the two spaces; what the font lacks is a box of dots.
  @Test func font_coversLatin1() throws {
    var pictures: [[String]: UInt32] = [:]
    for value in Array(UInt32(0x20)...0x7e) + Array(0xa0...0xff) {
      let scalar = try #require(Unicode.Scalar(value))
      #expect(Font.contains(scalar))
      var picture = Picture(8, 13)
      picture.draw { canvas in canvas.draw(scalar, x: 0, y: 0, color: .white, background: .black) }
      if let twin = pictures.updateValue(value, forKey: picture.text) {
        #expect(value == 0xa0 && twin == 0x20, "\(value) looks like \(twin)")
      }
    }
    #expect(pictures.count == 190)
    for scalar: Unicode.Scalar in ["\u{7f}", "\u{9f}", "\u{100}", "\u{1f600}", "\n"] {
      #expect(!Font.contains(scalar))
      var picture = Picture(8, 13)
      picture.draw { canvas in canvas.draw(scalar, x: 0, y: 0, color: .white, background: .black) }
      #expect(pictures[picture.text] == nil && picture.text.contains { $0.contains("#") })
    }
  }

  @Test func text_withoutBackground_leavesWhatIsThere() {
    var picture = Picture(8, 13)
    picture.draw { canvas in
      canvas.clear(Color(0x0000ff))
      canvas.draw("-", x: 0, y: 0, color: .white)
    }
    #expect(picture.text.filter { $0 == "????????" }.count == 12)
  }

  @Test(arguments: [(-4, 0), (4, 0), (0, -6), (0, 6), (.max, 0), (.min, .min)])
  func text_overTheEdge_isCutOff(_ x: Int, _ y: Int) {
    var whole = Picture(24, 39)
    whole.draw { canvas in
      canvas.clear(.black)
      canvas.draw("#", x: 8, y: 13, color: .white)
    }
    var picture = Picture(8, 13)
    picture.draw { canvas in
      canvas.clear(.black)
      canvas.draw("#", x: x, y: y, color: .white)
    }
    for row in 0..<13 {
      for column in 0..<8 {
        let inside = x.magnitude < 9 && y.magnitude < 14
        let expected = inside ? whole.words[(13 + row - y) * 24 + 8 + column - x] : 0
        #expect(picture.words[row * 8 + column] == expected)
      }
    }
  }

  private func characters(_ picture: Picture, _ columns: Int, _ rows: Int) -> [String] {
    var known: [[String]: Character] = [:]
    for value in 0x20...0x7e as ClosedRange<UInt8> {
      var cell = Picture(8, 13)
      cell.draw { canvas in canvas.draw(Unicode.Scalar(value), x: 0, y: 0, color: .white, background: .black) }
      known[cell.text] = Character(Unicode.Scalar(value))
    }
    return (0..<rows).map { row in
      String(
        (0..<columns).map { column -> Character in
          let cell = (0..<13).map { line in
            String(picture.text[13 * row + line].dropFirst(8 * column).prefix(8))
          }
          return known[cell] ?? "?"
        })
    }
  }

  @Test func screen_fullOfLines_scrolls() {
    var picture = Picture(8 * 6 + 3, 13 * 3 + 5)
    var screen = TextScreen(
      in: Rectangle(x: 0, y: 0, width: picture.width, height: picture.height), color: .white, background: .black)
    #expect(screen.columns == 6 && screen.rows == 3)
    picture.draw { canvas in
      screen.clear(&canvas)
      screen.write("one\ntwo\nabcdef\nghi\u{8}j\n", on: &canvas)
    }
    #expect(characters(picture, 6, 3) == ["abcdef", "ghj   ", "      "])
    picture.draw { canvas in screen.write("1234567\rx\ty", on: &canvas) }
    #expect(characters(picture, 6, 3) == ["123456", "x     ", "y     "])
  }

  /// A character costs a cell, not a screen.
  @Test func screen_oneCharacter_touchesOneCell() {
    var picture = Picture(80, 130)
    var screen = TextScreen(in: Rectangle(x: 0, y: 0, width: 80, height: 130), color: .white)
    picture.draw { canvas in screen.write("ab\n", on: &canvas) }
    let damage = picture.draw { canvas in screen.write("c", on: &canvas) }
    #expect(damage == Rectangle(x: 0, y: 13, width: 8, height: 13))
  }
}
