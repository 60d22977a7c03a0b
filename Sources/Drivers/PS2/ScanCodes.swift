internal import InputEvents

/// Makes events of the bytes that a keyboard sends: the scan codes of the first PC ("set 1").
struct ScanCodes {
  enum Outcome: Equatable {
    /// The byte is part of something, or means nothing.
    case more
    /// A key went down (1) or up (0), or repeats (2).
    case event(InputEvent)
    /// The keyboard lost keys.
    case overrun
  }

  /// 0xe0 and 0xe1 announce more.
  private var prefix: UInt8 = 0
  /// Which keys are down: a bit each.
  private var down = InlineArray<2, UInt64>(repeating: 0)

  mutating func take(_ byte: UInt8) -> Outcome {
    switch byte {
    case 0x00, 0xff:
      prefix = 0
      return .overrun
    case 0xe0, 0xe1:
      prefix = byte
      return .more
    default: break
    }
    let place = byte & 0x7f
    // Behind 0xe1 there are two bytes, of which the second one tells.
    if prefix == 0xe1, place == 0x1d { return .more }
    let code: UInt16 =
      switch prefix {
      case 0xe0: Self.extended(place)
      case 0xe1: place == 0x45 ? 119 : 0
      default: Self.plain(place)
      }
    prefix = 0
    return code == 0 ? .more : tell(code, isDown: byte & 0x80 == 0)
  }

  private mutating func tell(_ code: UInt16, isDown: Bool) -> Outcome {
    let (word, bit) = (Int(code >> 6), UInt64(1) << UInt64(code & 63))
    let wasDown = down[word] & bit != 0
    down[word] = isDown ? down[word] | bit : down[word] & ~bit
    if !isDown, !wasDown { return .more }
    return .event(InputEvent(.key, code: code, value: isDown ? (wasDown ? 2 : 1) : 0))
  }

  /// Linux numbered its keys after these: most are the same. 0 for none.
  private static func plain(_ place: UInt8) -> UInt16 {
    switch place {
    case 1...83, 86...88: UInt16(place)
    // The same key as with 0xe0, while alt is held.
    case 84: 99
    default: 0
    }
  }

  /// Keys that were added later. The shift codes among them, which old programs needed, are not there.
  private static func extended(_ place: UInt8) -> UInt16 {
    switch place {
    case 0x1c: 96
    case 0x1d: 97
    case 0x35: 98
    case 0x37: 99
    case 0x38: 100
    case 0x46: 119
    case 0x47...0x49: UInt16(place) - 0x47 + 102
    case 0x4b: 105
    case 0x4d: 106
    case 0x4f...0x53: UInt16(place) - 0x4f + 107
    case 0x5b...0x5d: UInt16(place) - 0x5b + 125
    default: 0
    }
  }
}
