public import DevicePlatform

/// Masks a device's messages while the device is in use: interrupt controllers that take messages need not be able to.
///
/// Belongs to whoever owns the device; used on one CPU at a time.
public struct PCIMessageControl<Registers: RegisterAccess>: Sendable {
  let table: PCIMessageTable<Registers>

  /// How many messages there are, at least one.
  public var messageCount: Int { table.count }

  /// Masks or unmasks a message; one that came while masked is sent when it is unmasked.
  public func setMessage(_ index: Int, masked: Bool) {
    precondition(index >= 0 && index < messageCount, "number of a message")
    table.setMasked(masked, index)
  }
}
