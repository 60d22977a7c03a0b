import DevicePlatform
import VirtIO

/// The device-specific configuration, each field accessed at its own width.
///
/// A legacy device keeps it in the driver's byte order. Every processor that this package supports is little-endian, so
/// the two interfaces read the same.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout
extension PCITransport {
  /// The size of the device-specific configuration, at most 4096: what the device says. A legacy device does not say;
  /// there it is what the BAR has room for, and what is behind the configuration's end reads as the device likes.
  public var configurationByteCount: Int { windows.configuration?.byteCount ?? 0 }

  /// A number that changes whenever the configuration does: 8 bits, which may come round. Always 0 on a legacy device,
  /// which has no such register.
  public func readConfigurationGeneration() -> UInt32 {
    isLegacy ? 0 : UInt32(common.load8(at: PCICommonRegister.configurationGeneration))
  }

  /// Offsets are below `configurationByteCount`, so there is a window for them to be in.
  private var window: Registers {
    guard let configuration = windows.configuration else { preconditionFailure("the device has no configuration") }
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
