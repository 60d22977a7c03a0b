/// What a device tells with an interrupt.
///
/// SPEC: Basic Facilities of a Virtio Device / Notifications
@frozen
public struct DeviceEvents: OptionSet, Hashable, Sendable {
  /// The bits, as the transports' interrupt status registers carry them.
  public let rawValue: UInt32
  /// Keeps the defined bits of `rawValue` and drops the others.
  public init(rawValue: UInt32) { self.rawValue = rawValue & 3 }

  /// At least one queue has used buffers.
  public static let usedBuffers = DeviceEvents(rawValue: 1)
  /// The configuration has changed, or the device needs a reset.
  public static let configurationChanged = DeviceEvents(rawValue: 2)
}
