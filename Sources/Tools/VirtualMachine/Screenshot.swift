/// A picture of a screen.
public struct Screenshot: Equatable, Sendable {
  /// A pixel's colour.
  public struct Pixel: Hashable, Sendable {
    /// From 0 to 255.
    public var red, green, blue: UInt8

    /// A colour.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
      self.red = red
      self.green = green
      self.blue = blue
    }
  }

  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// Three bytes a pixel, row by row from the top: red, green, blue.
  public let bytes: [UInt8]

  /// Reads a binary PPM file of 8 bits a colour, as QEMU writes it: `P6`, width, height, 255, pixels. QEMU fills each row
  /// up to a multiple of four bytes, which the format does not know.
  public init(ppm file: [UInt8]) throws(VirtualMachineError) {
    var rest = file[...]
    func word() -> String {
      let word = rest.drop { $0 == 0x20 || $0 == 0x0a }.prefix { $0 != 0x20 && $0 != 0x0a }.prefix(20)
      rest = rest[min(word.endIndex + 1, rest.endIndex)...]
      return String(decoding: word, as: UTF8.self)
    }
    let header = [word(), word(), word(), word()]
    guard header[0] == "P6", let width = Int(header[1]), let height = Int(header[2]), header[3] == "255",
      (1...32_768).contains(width), (1...32_768).contains(height),
      rest.count == 3 * width * height || rest.count == Self.paddedRow(width) * height
    else {
      throw .malformed(
        what: "PPM file", found: "header \(header.joined(separator: " ")), then \(rest.count) bytes of pixels")
    }
    (self.width, self.height) = (width, height)
    let row = rest.count / height
    bytes = row == 3 * width ? Array(rest) : (0..<height).flatMap { rest.dropFirst($0 * row).prefix(3 * width) }
  }

  /// A picture of words, row by row from the top: red in bits 16 to 23, green in 8 to 15, blue in 0 to 7.
  public init(width: Int, height: Int, words: [UInt32]) {
    precondition(words.count == width * height, "a word for each pixel")
    (self.width, self.height) = (width, height)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * words.count)
    for word in words { for shift: UInt32 in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) } }
    self.bytes = bytes
  }

  private static func paddedRow(_ width: Int) -> Int { (3 * width + 3) & ~3 }

  /// The pixel in column `x` from the left and row `y` from the top.
  public subscript(x: Int, y: Int) -> Pixel {
    precondition((0..<width).contains(x) && (0..<height).contains(y), "pixel outside the picture")
    let index = 3 * (y * width + x)
    return Pixel(red: bytes[index], green: bytes[index + 1], blue: bytes[index + 2])
  }
}
