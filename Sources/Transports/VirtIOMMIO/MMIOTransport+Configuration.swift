import DevicePlatform
import VirtIO

/// The device-specific configuration, each field accessed at its own width.
///
/// A legacy device keeps it in the driver's byte order. Every processor that this package supports is little-endian, so
/// the two generations read the same.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout
extension MMIOTransport {
  /// What the window has room for. The device may have less; what is behind its end reads as the platform likes.
  public var configurationByteCount: Int { registers.byteCount - MMIORegister.configuration }

  /// A number that changes whenever the configuration does; always 0 on a legacy device, which has no such register.
  public func readConfigurationGeneration() -> UInt32 {
    isLegacy ? 0 : registers.load32(at: MMIORegister.configurationGeneration)
  }

  /// Reads one byte of the configuration.
  public func readConfiguration8(at offset: Int) -> UInt8 { registers.load8(at: configuration(offset)) }
  /// Reads two bytes of the configuration.
  public func readConfiguration16(at offset: Int) -> UInt16 { registers.load16(at: configuration(offset)) }
  /// Reads four bytes of the configuration.
  public func readConfiguration32(at offset: Int) -> UInt32 { registers.load32(at: configuration(offset)) }
  /// Writes one byte of the configuration.
  public func writeConfiguration8(_ value: UInt8, at offset: Int) {
    registers.store8(value, at: configuration(offset))
  }
  /// Writes two bytes of the configuration.
  public func writeConfiguration16(_ value: UInt16, at offset: Int) {
    registers.store16(value, at: configuration(offset))
  }
  /// Writes four bytes of the configuration.
  public func writeConfiguration32(_ value: UInt32, at offset: Int) {
    registers.store32(value, at: configuration(offset))
  }

  /// Keeps a negative offset from becoming a control register; the window checks the other end.
  private func configuration(_ offset: Int) -> Int {
    precondition(offset >= 0, "configuration offset")
    return MMIORegister.configuration + offset
  }
}
