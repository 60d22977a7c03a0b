public import DeviceTraits

/// A serial line as one of the machine's consoles.
public final class SerialConsole<Port: SerialPort>: ConsoleDevice {
  private let port: Port

  /// Takes over a port that is ready.
  public init(_ port: Port) { self.port = port }

  /// A serial line does not know what is at its other end.
  public var textSize: ConsoleTextSize? { nil }

  /// Writes bytes. A line that takes nothing for a long time loses them.
  public func write(_ bytes: Span<UInt8>) throws(ConsoleFailure) {
    for index in bytes.indices { port.write(bytes[index]) }
  }

  /// Writes a byte.
  public func writeInEmergency(_ byte: UInt8) -> Bool {
    port.write(byte)
    return true
  }

  /// Takes what has come in.
  public func read(into destination: inout MutableSpan<UInt8>) throws(ConsoleFailure) -> Int {
    var count = 0
    while count < destination.count, let byte = port.readByte() {
      destination[count] = byte
      count += 1
    }
    return count
  }
}
