/// A message's payload while it is put together or taken apart. Numbers are in the processor's own order, as the protocol
/// has it: both sides run on one machine.
struct MessageBytes: Equatable, Sendable {
  private(set) var bytes: [UInt8]

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// Adds a number of any width.
  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    for shift in 0..<Number.bitWidth / 8 {
      bytes.append(UInt8(truncatingIfNeeded: number.littleEndian >> Number(8 * shift)))
    }
  }

  mutating func append(contentsOf more: [UInt8]) { bytes += more }

  /// The 32-bit number at an offset that lies within the payload.
  func word(at offset: Int) -> UInt32 { number(at: offset) }

  /// The 64-bit number at an offset that lies within the payload.
  func longWord(at offset: Int) -> UInt64 { number(at: offset) }

  private func number<Number: FixedWidthInteger>(at offset: Int) -> Number {
    precondition(offset >= 0 && offset + Number.bitWidth / 8 <= bytes.count, "offset in a message")
    var value: Number = 0
    for index in 0..<Number.bitWidth / 8 {
      value |= Number(truncatingIfNeeded: bytes[offset + index]) << Number(8 * index)
    }
    return value
  }

  /// A payload of one 64-bit number.
  static func longWord(_ number: UInt64) -> MessageBytes {
    var result = MessageBytes()
    result.append(number)
    return result
  }

  /// A payload of a queue's number and another one.
  static func ring(_ index: UInt16, _ number: UInt32) -> MessageBytes {
    var result = MessageBytes()
    result.append(UInt32(index))
    result.append(number)
    return result
  }
}
