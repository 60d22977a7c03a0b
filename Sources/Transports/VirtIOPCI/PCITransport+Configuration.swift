import DevicePlatform
import VirtIO

extension PCITransport {
  /// The size of the device-specific configuration: what the device says, at most 4096.
  public var configurationByteCount: Int { configuration?.byteCount ?? 0 }

  /// A number that changes whenever the configuration does: 8 bits, which may come round.
  public func readConfigurationGeneration() -> UInt32 {
    UInt32(common.load8(at: PCICommonRegister.configurationGeneration))
  }

  /// Offsets are below `configurationByteCount`, so there is a window for them to be in.
  private var window: Registers {
    guard let configuration else { preconditionFailure("the device has no configuration") }
    return configuration
  }

  /// Reads one byte of the configuration.
  public func readConfiguration8(at offset: Int) -> UInt8 { window.load8(at: offset) }
  /// Reads two bytes of the configuration.
  public func readConfiguration16(at offset: Int) -> UInt16 { window.load16(at: offset) }
  /// Reads four bytes of the configuration.
  public func readConfiguration32(at offset: Int) -> UInt32 { window.load32(at: offset) }
  /// Writes one byte of the configuration.
  public func writeConfiguration8(_ value: UInt8, at offset: Int) { window.store8(value, at: offset) }
  /// Writes two bytes of the configuration.
  public func writeConfiguration16(_ value: UInt16, at offset: Int) { window.store16(value, at: offset) }
  /// Writes four bytes of the configuration.
  public func writeConfiguration32(_ value: UInt32, at offset: Int) { window.store32(value, at: offset) }
}
