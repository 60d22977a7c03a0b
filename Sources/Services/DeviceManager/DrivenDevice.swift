public import DevicePlatform
public import DeviceTraits
public import VirtIO

/// A device with a driver: what a driver hands to the manager when it has brought one up.
///
/// Dropping the last reference resets the device, as dropping the driver does.
public protocol DrivenDevice: AnyObject {
  /// What the device is to the rest of the machine.
  var role: DeviceRole { get }
  /// Where it is, in the words of its bus.
  var location: String { get }

  /// Takes what the device tells by itself: ports that come, a link that goes. Never waits.
  func serve()
  /// All that can be seen of the device and of its driver; nil for one that is not a VirtIO device.
  func observe() -> DeviceObservation?
  /// Resets the device and ends its use: from then on each operation fails, and another driver may have the device.
  ///
  /// - Returns: nil, or why the reset was not seen to finish. Then what the device had is lost, not reused.
  func shutDown() -> String?
  /// The bus says that the device is no longer there.
  func deviceWasRemoved(_ removal: DeviceRemoval)
}

extension DrivenDevice {
  /// A device that tells nothing by itself.
  public func serve() {}
  /// Not a VirtIO device.
  public func observe() -> DeviceObservation? { nil }
}
