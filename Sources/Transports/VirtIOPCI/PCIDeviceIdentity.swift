public import PCI
public import VirtIO

/// Which PCI functions are VirtIO devices, and of what type.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Discovery
public enum PCIDeviceIdentity {
  /// The vendor of every VirtIO function.
  public static let vendorID: UInt16 = 0x1af4
  private static let firstTransitional: UInt16 = 0x1000
  private static let firstModern: UInt16 = 0x1040
  private static let last: UInt16 = 0x107f

  /// The VirtIO device type of a function; `.none` if it is no VirtIO device.
  ///
  /// Any revision and subsystem will do. Seven types have transitional IDs of their own; the others that old devices
  /// may have are told apart by the subsystem ID.
  public static func deviceType(of function: PCIFunction) -> DeviceType {
    guard function.vendorID == vendorID, firstTransitional...last ~= function.deviceID else { return .none }
    guard isTransitional(function) else { return DeviceType(rawValue: UInt32(function.deviceID - firstModern)) }
    switch function.deviceID {
    case 0x1000: return .network
    case 0x1001: return .block
    case 0x1002: return .balloon
    case 0x1003: return .console
    case 0x1004: return .scsi
    case 0x1005: return .entropy
    case 0x1009: return .ninePFS
    default: return DeviceType(rawValue: UInt32(function.subsystemID))
    }
  }

  /// True for a function with an ID that drivers from before version 1 know, too.
  static func isTransitional(_ function: PCIFunction) -> Bool { function.deviceID < firstModern }
}
