#if os(none)
  import BareMetal
  import DevicePlatform

  /// Writes a line to the serial port.
  func say(_ line: String) {
    Machine.console.write(line)
    Machine.console.write(10)
  }

  /// A number as `0x` and as few digits as it takes.
  func hex(_ value: UInt) -> String { "0x" + String(value, radix: 16) }

  /// Reads a line, echoing it; nil when nothing was typed until `deadline`. Carriage return and line feed both end it.
  func readLine(until deadline: MonotonicTime, by clock: CounterClock) -> String? {
    var bytes: [UInt8] = []
    while true {
      guard let byte = Machine.console.readByte() else {
        if bytes.isEmpty, clock.now > deadline { return nil }
        relaxProcessor()
        continue
      }
      if byte == 10 || byte == 13 {
        Machine.console.write(10)
        return String(decoding: bytes, as: UTF8.self)
      }
      // A line without an end is cut off, so that no input can fill the heap.
      if bytes.count < 1024 {
        bytes.append(byte)
        Machine.console.write(byte)
      }
    }
  }
#endif
