internal import DevicePlatform

/// A packet's payload while it is written, at its place in the frame: headers come in front of it later, and nothing is
/// copied.
struct PayloadWriter: ~Copyable {
  private var frame: Frame
  private let start: Int
  private let limit: Int
  /// Bytes so far; those that were too many are counted and left out.
  private(set) var byteCount = 0

  /// - Parameters:
  ///   - start: the headers' size.
  ///   - limit: the most bytes behind them.
  init(_ buffer: consuming DMABuffer, start: Int, limit: Int) {
    let room = min(limit, max(0, buffer.count - start))
    frame = Frame(buffer, byteCount: start)
    self.start = start
    self.limit = room
  }

  mutating func append(_ byte: UInt8) {
    if byteCount < limit {
      frame.setByteCount(start + byteCount + 1)
      frame.put8(byte, at: start + byteCount)
    }
    byteCount += 1
  }

  mutating func append16(_ value: UInt16) {
    append(UInt8(value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  mutating func append32(_ value: UInt32) {
    append16(UInt16(value >> 16))
    append16(UInt16(truncatingIfNeeded: value))
  }

  mutating func append(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }

  mutating func append(_ address: EthernetAddress) {
    append16(UInt16(address.rawValue >> 32))
    append32(UInt32(truncatingIfNeeded: address.rawValue))
  }

  mutating func appendZeros(_ count: Int) {
    for _ in 0..<count { append(0) }
  }

  /// Whether everything had room.
  var isWhole: Bool { byteCount <= limit }

  consuming func takeFrame() -> Frame { frame }
}
