/// A serial line that is polled. Writing never allocates, so that an exception report can use it.
///
/// Its interrupts are for those who want to try the machine's interrupts on something that is always there.
public protocol SerialPort: Sendable {
  /// Makes the port ready; line settings stay.
  func enable()
  /// True when a byte can be written at once.
  var canWrite: Bool { get }
  /// Writes a byte; only after `canWrite` was true.
  func put(_ byte: UInt8)
  /// The next byte that came in; nil when there is none. Does not wait.
  func readByte() -> UInt8?
  /// Has the port interrupt when what was written is gone, or stops that.
  func setTransmitInterrupt(_ isOn: Bool)
  /// Ends the port's interrupt until something is written.
  func acknowledgeTransmitInterrupt()
}

extension SerialPort {
  /// Writes a byte as soon as there is room. A line that takes nothing for a long time loses the byte.
  public func write(_ byte: UInt8) {
    for _ in 0..<10_000_000 where canWrite {
      put(byte)
      return
    }
  }

  /// Writes text.
  public func write(_ text: StaticString) {
    // The string is a constant of the image: valid for ever, of exactly this size.
    let bytes = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    for index in bytes.indices { unsafe write(bytes[index]) }
  }

  /// Writes text.
  public func write(_ text: String) {
    for byte in text.utf8 { write(byte) }
  }

  /// Writes a number as `0x` and all 16 hexadecimal digits.
  public func write(hexadecimal value: UInt) {
    write("0x" as StaticString)
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt(shift)) & 15
      write(digit < 10 ? 48 + digit : 87 + digit)
    }
  }
}
