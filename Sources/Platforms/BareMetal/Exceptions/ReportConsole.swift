#if os(none)
  /// Where an exception report goes: the serial line, and whatever a kernel has its log on besides.
  struct ReportConsole {
    let port: Machine.Console
    let mirror: ((UInt8) -> Void)?

    func write(_ byte: UInt8) {
      port.write(byte)
      mirror?(byte)
    }

    func write(_ text: StaticString) {
      // The string is a constant of the image: valid for ever, of exactly this size.
      let bytes = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      for index in bytes.indices { unsafe write(bytes[index]) }
    }

    func write(hexadecimal value: UInt) {
      write("0x")
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: value >> UInt(shift)) & 15
        write(digit < 10 ? 48 + digit : 87 + digit)
      }
    }
  }
#endif
