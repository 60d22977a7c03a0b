/// Through which interfaces a caller wants to drive PCI devices.
public enum PCIInterfacePolicy: Sendable {
  /// Through capabilities where a device has them, else through the legacy registers.
  case any
  /// Through capabilities only, as the spec demands of a driver without legacy support. Transitional devices, which
  /// have both, are welcome.
  case modernOnly
}
