/// Why a function raised its interrupt line. Bits that the spec does not define are not in here.
@frozen
public struct PCIInterrupts: OptionSet, Hashable, Sendable {
  /// The defined bits of the ISR status.
  public let rawValue: UInt8
  /// Keeps the defined bits of `rawValue` and drops the others.
  public init(rawValue: UInt8) { self.rawValue = rawValue & 3 }

  /// At least one queue has used buffers. The VirtIO constant is bit 0 of the ISR status.
  public static let usedBuffers = PCIInterrupts(rawValue: 1)
  /// The configuration has changed. The VirtIO constant is bit 1 of the ISR status.
  public static let configurationChanged = PCIInterrupts(rawValue: 2)
}
