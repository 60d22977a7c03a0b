import Drawing

/// A picture in memory: rows of letters, one for each colour.
struct Picture {
  let width: Int, height: Int, stride: Int
  var words: [UInt32]

  init(_ width: Int, _ height: Int, stride: Int? = nil) {
    (self.width, self.height, self.stride) = (width, height, stride ?? width)
    words = [UInt32](repeating: 0xdead_beef, count: self.stride * height)
  }

  /// Draws, and returns what was touched.
  @discardableResult
  mutating func draw(_ format: PixelFormat = .bgrx, _ body: (inout Canvas) -> Void) -> Rectangle {
    let (width, height, stride) = (width, height, stride)
    var canvas = Canvas(words.mutableSpan, width: width, height: height, stride: stride, format: format)
    body(&canvas)
    return canvas.damage
  }

  /// `#` for white, `.` for black, `?` for all else.
  var text: [String] {
    (0..<height).map { y in
      String(
        (0..<width).map { x -> Character in
          switch words[y * stride + x] {
          case 0x00ff_ffff: "#"
          case 0: "."
          default: "?"
          }
        })
    }
  }

  /// What lies between the rows is as it was.
  var isPaddingUntouched: Bool {
    (0..<height).allSatisfy { y in
      (width..<stride).allSatisfy { x in words[y * stride + x] == 0xdead_beef }
    }
  }
}
