/// The device status field: how far the driver has come, and whether the device still works.
///
/// SPEC: Basic Facilities of a Virtio Device / Device Status Field
@frozen
public struct DeviceStatus: OptionSet, Hashable, Sendable {
  /// The field's bits.
  public let rawValue: UInt8
  /// Wraps the field's bits.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The driver has noticed the device. The VirtIO constant is `ACKNOWLEDGE`.
  public static let acknowledge = DeviceStatus(rawValue: 1)
  /// The driver knows how to drive it. The VirtIO constant is `DRIVER`.
  public static let driver = DeviceStatus(rawValue: 2)
  /// The driver is ready. The VirtIO constant is `DRIVER_OK`.
  public static let driverOK = DeviceStatus(rawValue: 4)
  /// Features are settled. The VirtIO constant is `FEATURES_OK`.
  public static let featuresOK = DeviceStatus(rawValue: 8)
  /// The device is in a state that only a reset ends. The VirtIO constant is `DEVICE_NEEDS_RESET`.
  public static let deviceNeedsReset = DeviceStatus(rawValue: 64)
  /// The driver has given up. The VirtIO constant is `FAILED`.
  @inlinable public static var failed: DeviceStatus { DeviceStatus(rawValue: 128) }

  /// True for what no device says: all ones, as a bus reads where nothing answers. The device was pulled out, or the way
  /// to it is cut.
  @inlinable public var isAbsent: Bool { rawValue == 0xff }
}
