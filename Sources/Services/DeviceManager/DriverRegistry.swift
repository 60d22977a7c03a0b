public import VirtIO

/// The drivers of one kind of transport, in the order in which they were registered.
///
/// A machine has one for each kind of transport; a driver is registered with each of them, which makes it anew for that
/// kind. So no request, no doorbell and no register access goes through a table. `EitherTransport` makes one kind of two.
public final class DriverRegistry<T: Transport & ~Copyable> {
  private(set) var drivers: [RegisteredDriver<T>] = []

  /// No drivers yet.
  public init() {}

  /// Adds a driver, behind those that are there. Devices that were found before are not looked at again by themselves.
  ///
  /// - Returns: false when there is one of this name; nothing was changed then.
  @discardableResult
  public func register<D: DeviceDriver>(_ driver: D) -> Bool {
    if self.driver(named: driver.name) != nil { return false }
    drivers.append(RegisteredDriver(driver))
    return true
  }

  /// Takes a driver out: it gets no further device. Those that it drives stay as they are.
  ///
  /// - Returns: whether there was one.
  @discardableResult
  public func unregister(_ name: String) -> Bool {
    guard let index = drivers.firstIndex(where: { $0.name == name }) else { return false }
    drivers.remove(at: index)
    return true
  }

  func driver(named name: String) -> RegisteredDriver<T>? { drivers.first { $0.name == name } }

  func driver(for device: DeviceIdentification) -> RegisteredDriver<T>? { drivers.first { $0.matches(device) } }
}

/// A driver as a registry keeps it: without its type.
struct RegisteredDriver<T: Transport & ~Copyable> {
  let name: String
  let naming: DeviceNaming
  let priority: DriverPriority
  let matches: (DeviceIdentification) -> Bool
  let start: (consuming T, any DeviceSlot, String) throws(BringupError) -> any DrivenDevice

  init<D: DeviceDriver>(_ driver: D) {
    name = driver.name
    naming = driver.naming
    priority = driver.priority
    matches = { driver.matches($0) }
    start = { (transport: consuming T, slot: any DeviceSlot, name: String) throws(BringupError) -> any DrivenDevice in
      try driver.start(transport, in: slot, named: name)
    }
  }
}
