/// Why a device raised its one interrupt line. Bits that the spec does not define are not in here.
@frozen
public struct MMIOInterrupts: OptionSet, Hashable, Sendable {
  /// The defined bits of the interrupt status register.
  public let rawValue: UInt32
  /// Keeps the defined bits of `rawValue` and drops the others.
  ///
  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout
  public init(rawValue: UInt32) { self.rawValue = rawValue & 3 }

  /// At least one queue has used buffers. The VirtIO constant is bit 0 of `InterruptStatus`.
  public static let usedBuffers = MMIOInterrupts(rawValue: 1)
  /// The configuration has changed. The VirtIO constant is bit 1 of `InterruptStatus`.
  public static let configurationChanged = MMIOInterrupts(rawValue: 2)
}
