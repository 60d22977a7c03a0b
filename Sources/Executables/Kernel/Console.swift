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
#endif
