/// One way to drive a display, as an EDID describes it.
public struct DisplayTiming: Equatable, Sendable {
  /// Pixels of a line that are seen.
  public let width: Int
  /// Lines that are seen.
  public let height: Int
  /// Pixels between the end of a line and the next one's begin.
  public let horizontalBlanking: Int
  /// Lines between the end of a picture and the next one's begin.
  public let verticalBlanking: Int
  /// Pixels in a second.
  public let pixelClock: Int
  /// Odd and even lines come in turns; `height` is that of both together.
  public let isInterlaced: Bool

  /// Pictures in 1000 seconds; half of that many whole ones when interlaced.
  public var millihertz: Int {
    let total = (width + horizontalBlanking) * (height / (isInterlaced ? 2 : 1) + verticalBlanking)
    return total == 0 ? 0 : pixelClock * 1000 / total
  }

  /// Decodes a detailed timing of 18 bytes; nil for what is none: another kind of descriptor, or one without pixels.
  init?(_ bytes: ArraySlice<UInt8>) {
    let first = bytes.startIndex
    let byte = { (offset: Int) in Int(bytes[first + offset]) }
    let clock = byte(0) | byte(1) << 8
    // The upper four bits of two numbers share a byte.
    let width = byte(2) | (byte(4) & 0xf0) << 4
    let lines = byte(5) | (byte(7) & 0xf0) << 4
    guard clock != 0, width != 0, lines != 0 else { return nil }
    isInterlaced = byte(17) & 0x80 != 0
    self.width = width
    height = isInterlaced ? 2 * lines : lines
    horizontalBlanking = byte(3) | (byte(4) & 0x0f) << 8
    verticalBlanking = byte(6) | (byte(7) & 0x0f) << 8
    pixelClock = clock * 10_000
  }
}

/// A size and a rate without details.
public struct StandardTiming: Equatable, Sendable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// Pictures in a second.
  public let rate: Int

  /// Decodes two bytes; nil for an unused entry.
  init?(_ first: UInt8, _ second: UInt8, revision: UInt8) {
    // 01 01 is an entry that is not used; 00 must not be.
    if first == 0 || first == 1 && second == 1 { return nil }
    width = (Int(first) + 31) * 8
    rate = Int(second & 0x3f) + 60
    switch second >> 6 {
    // Before revision 3 this was a square.
    case 0: height = revision < 3 ? width : width * 10 / 16
    case 1: height = width * 3 / 4
    case 2: height = width * 4 / 5
    default: height = width * 9 / 16
    }
  }
}
