import Drawing
import Testing

struct TestCardTests {
  private func colors(_ width: Int, _ height: Int, _ format: PixelFormat) -> [Color] {
    var picture = Picture(width, height)
    picture.draw(format) { canvas in TestCard.draw(on: &canvas, name: "x") }
    return picture.words.map { format.color($0) }
  }

  @Test(arguments: PixelFormat.allCases) func card_looksTheSameInEveryFormat(_ format: PixelFormat) {
    let card = colors(320, 200, .bgrx)
    #expect(colors(320, 200, format) == card)
    #expect(Set(card).count > 500)
  }

  @Test func card_reachesEveryEdge() {
    let card = colors(321, 201, .bgrx)
    for x in 0..<321 { #expect(card[x] == .white && card[200 * 321 + x] == .white) }
    for y in 0..<201 { #expect(card[y * 321] == .white && card[y * 321 + 320] == .white) }
  }

  @Test(arguments: [(1, 1), (1, 300), (300, 1), (16, 16), (9, 40)])
  func screen_tooSmallForIt_isNoMistake(_ width: Int, _ height: Int) {
    #expect(colors(width, height, .rgba).count == width * height)
  }
}
