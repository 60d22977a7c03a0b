import Drawing
import Testing

struct PixelFormatTests {
  /// The letters are the bytes in memory.
  @Test(arguments: [
    (PixelFormat.bgra, [3, 2, 1, 4]), (.bgrx, [3, 2, 1, 0]), (.argb, [4, 1, 2, 3]), (.xrgb, [0, 1, 2, 3]),
    (.rgba, [1, 2, 3, 4]), (.xbgr, [0, 3, 2, 1]), (.abgr, [4, 3, 2, 1]), (.rgbx, [1, 2, 3, 0]),
  ])
  func pixel_bytesInMemory(_ format: PixelFormat, _ bytes: [UInt8]) {
    let color = Color(red: 1, green: 2, blue: 3, alpha: 4)
    let pixel = format.pixel(color)
    #expect((0..<4).map { UInt8(truncatingIfNeeded: UInt32(littleEndian: pixel) >> (8 * UInt32($0))) } == bytes)
    #expect(format.color(pixel) == (format.hasAlpha ? color : Color(red: 1, green: 2, blue: 3)))
  }

  @Test func rectangles_meetAndJoin() {
    let a = Rectangle(x: 1, y: 2, width: 4, height: 3)
    #expect(a.intersection(Rectangle(x: 3, y: 0, width: 9, height: 3)) == Rectangle(x: 3, y: 2, width: 2, height: 1))
    #expect(a.intersection(Rectangle(x: 5, y: 2, width: 1, height: 1)) == .empty)
    #expect(a.union(Rectangle(x: 0, y: 9, width: 1, height: 1)) == Rectangle(x: 0, y: 2, width: 5, height: 8))
    #expect(a.union(.empty) == a && Rectangle.empty.union(a) == a)
    #expect(a.contains(a) && !a.contains(.empty) && !a.contains(Rectangle(x: 1, y: 2, width: .max, height: 1)))
    #expect(Rectangle(x: 5, y: 5, width: .max, height: .max).right == .max)
  }
}
