public import DeviceTraits

/// The registry, by name and by trait. Devices of a trait come in the order of their names.
extension DeviceManager {
  /// The device of this name.
  public func entry(named name: String) -> DeviceEntry? { entries.first { $0.name == name } }

  /// All disks that are driven.
  public var storageDevices: [any StorageDevice] {
    entries.compactMap { if case .storage(let device)? = $0.role { device } else { nil } }
  }
  /// All network interfaces that are driven.
  public var networkDevices: [any NetworkDevice] {
    entries.compactMap { if case .network(let device)? = $0.role { device } else { nil } }
  }
  /// All consoles that are driven.
  public var consoleDevices: [any ConsoleDevice] {
    entries.compactMap { if case .console(let device)? = $0.role { device } else { nil } }
  }
  /// All displays that are driven.
  public var displayDevices: [any DisplayDevice] {
    entries.compactMap { if case .display(let device)? = $0.role { device } else { nil } }
  }
  /// All input devices that are driven.
  public var inputDevices: [any InputDevice] {
    entries.compactMap { if case .input(let device)? = $0.role { device } else { nil } }
  }
  /// All entropy sources that are driven.
  public var entropySources: [any EntropySource] {
    entries.compactMap { if case .entropy(let device)? = $0.role { device } else { nil } }
  }
}
