internal import VirtIO

/// What is known of the ports.
extension ConsolePorts where T: ~Copyable {
  /// True when the device has added the port.
  public func isThere(port number: Int) -> Bool { find(number)?.isThere ?? false }
  /// True when the port is for text.
  public func isConsole(port number: Int) -> Bool { find(number)?.isConsole ?? false }
  /// True when somebody on the device's side has the port open.
  public func isOpenByDevice(port number: Int) -> Bool { find(number)?.isOpenByDevice ?? false }
  /// The port's name, if the device gave it one: UTF-8, by the device's word.
  public func name(ofPort number: Int) -> String? { find(number)?.name }
  /// The port's size, if the device told one.
  public func size(ofPort number: Int) -> ConsoleSize? { find(number)?.size }

  /// Reads the size of port 0 from the configuration, after `.configurationChanged`; for a device without
  /// `FeatureSet.Console.size` there is none.
  ///
  /// - Returns: whether it changed. A configuration that cannot be read leaves things as they are.
  @discardableResult
  public mutating func refreshSize() -> Bool {
    guard features.contains(.Console.size) else { return false }
    let old = ports[0].size
    do throws(ConfigurationError) {
      ports[0].size = try transport.readConfiguration(byteCount: ConsoleConfiguration.rows + 2) {
        ConsoleSize(
          columns: $0.readConfiguration16(at: ConsoleConfiguration.columns),
          rows: $0.readConfiguration16(at: ConsoleConfiguration.rows))
      }
    } catch {
      return false
    }
    return ports[0].size != old
  }

  /// Writes one character without queues: for a kernel that is going down. No effect without
  /// `FeatureSet.Console.emergencyWrite`.
  ///
  /// - Returns: whether the device has such a register.
  @discardableResult
  public func emergencyWrite(_ byte: UInt8) -> Bool {
    guard features.contains(.Console.emergencyWrite) else { return false }
    return Self.emergencyWrite(byte, into: transport)
  }

  /// Writes one character to a console that is not up: for the first words of a boot. The device needs no status and no
  /// features for it.
  ///
  /// - Returns: whether the device is a console that offers this.
  ///
  /// SPEC: Device Types / Console Device / Device Initialization
  @discardableResult
  public static func emergencyWrite(_ byte: UInt8, through transport: borrowing T) -> Bool {
    guard transport.deviceType == .console,
      transport.readDeviceFeatures().contains(.Console.emergencyWrite)
    else { return false }
    return emergencyWrite(byte, into: transport)
  }

  private static func emergencyWrite(_ byte: UInt8, into transport: borrowing T) -> Bool {
    guard transport.configurationByteCount >= ConsoleConfiguration.emergencyWrite + 4 else { return false }
    transport.writeConfiguration32(UInt32(byte), at: ConsoleConfiguration.emergencyWrite)
    return true
  }
}
