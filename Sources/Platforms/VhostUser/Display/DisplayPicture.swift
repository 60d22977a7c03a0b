/// What a display shows.
public struct DisplayPicture: Equatable, Sendable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// Row by row from the top: red in bits 16 to 23, green in 8 to 15, blue in 0 to 7. The others mean nothing.
  public internal(set) var pixels: [UInt32]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    pixels = [UInt32](repeating: 0, count: width * height)
  }

  /// Copies the part of a rectangle of pixels that lies inside.
  ///
  /// - Parameter bytes: as many as the rectangle has, behind `offset`.
  /// - Returns: whether all of it does.
  mutating func copy(x: Int, y: Int, width: Int, height: Int, from bytes: [UInt8], at offset: Int) -> Bool {
    let columns = min(width, self.width - x)
    let rows = min(height, self.height - y)
    if columns > 0, rows > 0 {
      let stride = self.width
      precondition(x >= 0 && y >= 0 && bytes.count - offset >= 4 * width * height, "pixels of a rectangle")
      // Each row lies within both arrays: columns and rows were cut, and the bytes were counted, above.
      unsafe pixels.withUnsafeMutableBytes { target in
        unsafe bytes.withUnsafeBytes { source in
          for row in 0..<rows {
            let from = offset + 4 * row * width
            let place = 4 * ((y + row) * stride + x)
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[place..<place + 4 * columns])
              .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<from + 4 * columns]))
          }
        }
      }
    }
    return columns == width && rows == height
  }
}

/// What a back-end would have a display put over its picture.
public struct DisplayCursor: Equatable, Sendable {
  /// In pixels, both ways.
  public static let side = 64
  /// The column that is pointed to, as the back-end says it.
  public internal(set) var x: Int32
  /// The row that is pointed to.
  public internal(set) var y: Int32
  /// The column of the image that points, as the back-end says it.
  public internal(set) var hotX: UInt32
  /// The row of the image that points.
  public internal(set) var hotY: UInt32
  /// It is to be seen.
  public internal(set) var isVisible: Bool
  /// 64 rows of 64: alpha in bits 24 to 31, red in 16 to 23, green in 8 to 15, blue in 0 to 7. Transparent before there
  /// was an image.
  public internal(set) var pixels: [UInt32]

  init() {
    (x, y, hotX, hotY, isVisible) = (0, 0, 0, 0, false)
    pixels = [UInt32](repeating: 0, count: Self.side * Self.side)
  }
}
