/// What a display says of itself, as a driver reads it in the end.
///
/// SPEC: Device Types / GPU Device / Device Operation / Device Operation: controlq
enum DisplayAnswer {
  /// The most scanouts that a GPU has.
  static let displayCount = 16
  static let edidByteCount = 1024

  /// The header of a GPU's answer; the back-end fills fence and context in.
  private static func header(_ type: UInt32) -> MessageBytes {
    var answer = MessageBytes()
    answer.append(type.littleEndian)
    answer.append(contentsOf: [UInt8](repeating: 0, count: 20))
    return answer
  }

  /// The displays side by side, without those that are off.
  static func information(_ modes: [DisplayMode?]) -> MessageBytes {
    var answer = header(0x1101)
    var x = 0
    for index in 0..<displayCount {
      let mode = index < modes.count ? modes[index] : nil
      for number in [mode == nil ? 0 : x, 0, mode?.width ?? 0, mode?.height ?? 0, mode == nil ? 0 : 1, 0] {
        answer.append(UInt32(number).littleEndian)
      }
      x += mode?.width ?? 0
    }
    return answer
  }

  /// The EDID of a display; none of one that is off.
  static func identification(_ mode: DisplayMode?) -> MessageBytes {
    let bytes = mode.map(edid) ?? []
    var answer = header(0x1104)
    answer.append(UInt32(bytes.count).littleEndian)
    answer.append(0 as UInt32)
    answer.append(contentsOf: bytes + [UInt8](repeating: 0, count: edidByteCount - bytes.count))
    return answer
  }

  /// One block of VESA Enhanced EDID 1.4 with a name and, where the numbers fit, one timing of 60 Hz.
  static func edid(_ mode: DisplayMode) -> [UInt8] {
    var block: [UInt8] = [0, 255, 255, 255, 255, 255, 255, 0]
    // The maker VIR, product 1, no serial number, 2026, version 1.4.
    let maker = [22, 9, 18].reduce(0) { $0 << 5 | $1 }
    block += [UInt8(maker >> 8), UInt8(maker & 255), 1, 0, 0, 0, 0, 0, 0, 36, 1, 4]
    // Digital, 8 bits a colour; no size; gamma 2.2; sRGB, and the first timing is the preferred one.
    block += [0xa5, 0, 0, 120, 0x06]
    block += [0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54]
    // No established timings, no standard ones.
    block += [0, 0, 0] + [UInt8](repeating: 1, count: 16)
    block += timing(mode) ?? descriptor(0x10, "")
    block += descriptor(0xfc, "vhost-user") + descriptor(0x10, "") + descriptor(0x10, "") + [0]
    block.append(0 &- block.reduce(0, &+))
    return block
  }

  /// A descriptor that is no timing: 0xfc has a name in it, 0x10 nothing.
  private static func descriptor(_ kind: UInt8, _ text: String) -> [UInt8] {
    let letters = Array(text.utf8.prefix(12))
    let filling = [UInt8](repeating: kind == 0x10 ? 0 : 0x20, count: 13 - letters.count)
    return [0, 0, 0, kind, 0] + (kind == 0x10 ? filling : letters + [0x0a] + filling.dropFirst())
  }

  /// Some blanking around the picture; nil for sides that need more than 12 bits, or a clock that needs more than 16.
  private static func timing(_ mode: DisplayMode) -> [UInt8]? {
    let (columns, rows, blankColumns, blankRows) = (mode.width, mode.height, 160, 30)
    let clock = ((columns + blankColumns) * (rows + blankRows) * 60 + 5_000) / 10_000
    guard columns < 4096, rows < 4096, clock <= 0xffff else { return nil }
    func low(_ number: Int) -> UInt8 { UInt8(truncatingIfNeeded: number) }
    func high(_ number: Int, _ other: Int) -> UInt8 { UInt8((number >> 8) << 4 | other >> 8) }
    return [
      low(clock), low(clock >> 8), low(columns), low(blankColumns), high(columns, blankColumns), low(rows),
      low(blankRows), high(rows, blankRows), 48, 32, 0x36, 0, 0, 0, 0, 0, 0, 0x1e,
    ]
  }
}
