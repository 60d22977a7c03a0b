/// Says that a device is no longer there: its slot is empty or without power, so that it writes no memory any more.
///
/// Drivers give buffers up for this without a reset. Registers that read as ones do not prove it.
public struct DeviceRemoval: Sendable {
  /// The bus says so.
  @unsafe public init() {}
}
