public import VirtIO

/// A place of the machine with a device in it, seen by the manager: without its transport's type.
protocol DevicePlace: AnyObject {
  var location: String { get }
  var identification: DeviceIdentification { get }
  /// How the device is waited for.
  var waitingWords: String { get }
  /// What is known of the device's interrupts.
  var interrupts: InterruptObservation? { get }

  /// What the registered drivers say: the first that matches, or that has this name and matches.
  func match(named name: String?) -> DriverMatch?
  /// Has the driver bring the device up.
  func start(_ driver: String, named deviceName: String) throws(DeviceFailure) -> any DrivenDevice
  /// Nobody drives the device.
  func release()
}

/// A driver that wants a device.
struct DriverMatch {
  let name: String
  let naming: DeviceNaming
  let priority: DriverPriority
}

/// Why a device is not driven.
public enum DeviceFailure: Error, Equatable, Sendable {
  /// Its registers could not be used.
  case transport(TransportError)
  /// It could not be brought up.
  case bringup(BringupError)
  /// The driver was unregistered, or does not drive such devices.
  case noDriver(String)

  /// The reason in one line.
  public var words: String {
    switch self {
    case .transport(let error): error.words
    case .bringup(let error): error.words
    case .noDriver(let name): "no driver '\(name)' for this device"
    }
  }
}

/// A place behind one kind of transport.
///
/// The transport is made when the device is looked for, and again whenever another driver gets the device: what one driver
/// knew of the registers, the next one does not see.
public final class TransportPlace<T: Transport & ~Copyable>: DevicePlace {
  let location: String
  let identification: DeviceIdentification
  private let registry: DriverRegistry<T>
  private let slot: any DeviceSlot
  private let open: () throws(TransportError) -> T
  // Made to see what is there, for the first driver.
  private var transport: T?

  /// Looks at a place.
  ///
  /// - Parameters:
  ///   - registry: the drivers for such transports.
  ///   - slot: what the machine gives to the device.
  ///   - open: makes the transport of this place, each time anew.
  /// - Throws: what `open` does: there is nothing, or nothing that can be used.
  public init(
    _ registry: DriverRegistry<T>, slot: any DeviceSlot, open: @escaping () throws(TransportError) -> T
  ) throws(TransportError) {
    let transport = try open()
    location = transport.location
    identification = DeviceIdentification(type: transport.deviceType, isLegacy: transport.isLegacy)
    self.transport = consume transport
    self.registry = registry
    self.slot = slot
    self.open = open
  }

  func match(named name: String?) -> DriverMatch? {
    let driver: RegisteredDriver<T>?
    if let name {
      driver = registry.driver(named: name).flatMap { $0.matches(identification) ? $0 : nil }
    } else {
      driver = registry.driver(for: identification)
    }
    return driver.map { DriverMatch(name: $0.name, naming: $0.naming, priority: $0.priority) }
  }

  func start(_ name: String, named deviceName: String) throws(DeviceFailure) -> any DrivenDevice {
    guard let driver = registry.driver(named: name), driver.matches(identification) else { throw .noDriver(name) }
    let first = try takeTransport()
    do throws(BringupError) {
      return try driver.start(first, slot, deviceName)
    } catch {
      let isWorthAnotherTry = slot.isWorthAnotherTry(after: error)
      slot.release()
      if !isWorthAnotherTry { throw .bringup(error) }
    }
    let second = try takeTransport()
    do throws(BringupError) {
      return try driver.start(second, slot, deviceName)
    } catch {
      slot.release()
      throw .bringup(error)
    }
  }

  private func takeTransport() throws(DeviceFailure) -> T {
    if let transport = transport.take() { return transport }
    do throws(TransportError) { return try open() } catch { throw .transport(error) }
  }

  var waitingWords: String { slot.waitingWords }
  var interrupts: InterruptObservation? { slot.interrupts }

  func release() {
    transport = nil
    slot.release()
  }
}
