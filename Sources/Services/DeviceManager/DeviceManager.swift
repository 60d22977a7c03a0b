public import DevicePlatform
public import VirtIO

/// All devices of a machine: what was found, who drives it, and what it is called.
///
/// Discovery tells it of places with devices in them (`found`); `startAll` has the registered drivers bring them up, in
/// the order of their priority. What is wrong with one device is said in one line and changes nothing for the others. It
/// knows no bus, no transport and no device type.
///
/// One owner, as for a driver: nothing here is locked, and nothing may be called from an interrupt.
public final class DeviceManager {
  /// Every device that ever had a name, in the order in which they got it.
  public private(set) var entries: [DeviceEntry] = []
  /// Devices that could not be brought up when they were found.
  public private(set) var failureCount = 0
  /// Where memory is that devices can reach, if the machine tells: for `diagnose`.
  public var reachableMemory: [ClosedRange<UInt64>] = []
  private var waiting: [WaitingPlace] = []
  private var nameCounts: [(stem: String, count: Int)] = []
  private let log: any LogSink

  /// A machine in which nothing was found yet.
  ///
  /// - Parameter log: gets one line for each device.
  public init(log: any LogSink) { self.log = log }

  // MARK: Discovery

  /// A device was found. Nothing is done with it before `startAll`.
  ///
  /// - Returns: false when there is one at this location already: found twice, or in two ways. Then the place is dropped.
  @discardableResult
  public func found<T: Transport & ~Copyable>(_ place: TransportPlace<T>) -> Bool {
    let isKnown =
      waiting.contains { $0.place.location == place.location }
      || entries.contains { $0.location == place.location && $0.state != .removed }
    if isKnown {
      log.log("\(place.location): found twice, claimed once")
      place.release()
      return false
    }
    waiting.append(WaitingPlace(place: place))
    return true
  }

  /// Takes in a device that is driven already, and not behind a VirtIO transport: a serial line, a RAM disk.
  ///
  /// - Returns: its name.
  @discardableResult
  public func add(_ device: any DrivenDevice, driver: String, naming: DeviceNaming) -> String {
    let entry = DeviceEntry(makeName(naming), device.location, place: nil, .driven(by: driver))
    entry.device = device
    entries.append(entry)
    return entry.name
  }

  /// Brings up every device that was found and nobody drives. To be called again when drivers were registered later.
  public func startAll() {
    let places = waiting
    waiting = []
    var matches: [(place: WaitingPlace, match: DriverMatch)] = []
    for waitingPlace in places {
      if let match = waitingPlace.place.match(named: nil) {
        matches.append((waitingPlace, match))
        continue
      }
      if !waitingPlace.isReported {
        log.log(
          "\(waitingPlace.place.location): \(waitingPlace.place.identification.type.name) device, no driver for it")
      }
      waitingPlace.place.release()
      waiting.append(WaitingPlace(place: waitingPlace.place, isReported: true))
    }
    // Not `sort`: those of one priority stay in the order in which they were found.
    while let next = matches.indices.min(by: { matches[$0].match.priority < matches[$1].match.priority }) {
      let (place, match) = matches.remove(at: next)
      start(place.place, match)
    }
  }

  private func start(_ place: any DevicePlace, _ match: DriverMatch) {
    let entry = DeviceEntry(makeName(match.naming), place.location, place: place, .released)
    entries.append(entry)
    let what = "\(place.location): \(place.identification.type.name) device \(entry.name)"
    do throws(DeviceFailure) {
      try start(entry, place, match.name)
      log.log("\(what), \(place.identification.isLegacy ? "legacy" : "modern"), \(place.waitingWords)")
    } catch {
      failureCount += 1
      log.log("\(what) cannot be used: \(error.words)")
    }
  }

  private func start(_ entry: DeviceEntry, _ place: any DevicePlace, _ driver: String) throws(DeviceFailure) {
    do throws(DeviceFailure) {
      entry.device = try place.start(driver, named: entry.name)
      entry.state = .driven(by: driver)
    } catch {
      entry.state = .failed(error)
      throw error
    }
  }

  private func makeName(_ naming: DeviceNaming) -> String {
    if let index = nameCounts.firstIndex(where: { $0.stem == naming.stem }) {
      nameCounts[index].count += 1
      return naming.name(nameCounts[index].count - 1)
    }
    nameCounts.append((naming.stem, 1))
    return naming.name(0)
  }

  /// Locations of devices that no driver wants.
  public var undriven: [String] { waiting.filter { $0.isReported }.map { $0.place.location } }

  // MARK: Life

  /// Takes what the devices tell by themselves. To be called wherever the machine has nothing else to do, and after
  /// interrupts that nobody waited for; costs a look into memory for each device that tells nothing.
  public func serveAll() {
    for entry in entries { entry.device?.serve() }
  }

  /// Takes a device from its driver: it is reset, and any driver may have it (`start`), or somebody outside (`lend`).
  ///
  /// - Returns: nil, or why the reset was not seen to finish; the device is nobody's nevertheless.
  @discardableResult
  public func release(_ name: String) throws(ManagerError) -> String? {
    let entry = try find(name)
    guard case .driven = entry.state, let device = entry.device else { throw .wrongState(name: name, entry.state) }
    let problem = device.shutDown()
    entry.device = nil
    entry.state = .released
    entry.place?.release()
    if let problem { log.log("\(entry.location): \(name) released: \(problem)") }
    return problem
  }

  /// Gives a device that nobody has to a driver: the registered one that matches, or one by name.
  public func start(_ name: String, driver: String? = nil) throws(ManagerError) {
    let entry = try find(name)
    switch entry.state {
    case .released, .failed: break
    default: throw .wrongState(name: name, entry.state)
    }
    guard let place = entry.place, let match = place.match(named: driver) else {
      throw .failed(name: name, .noDriver(driver ?? "any"))
    }
    do throws(DeviceFailure) {
      try start(entry, place, match.name)
    } catch {
      throw .failed(name: name, error)
    }
  }

  /// Hands a device from the driver that has it to another one: reset in between.
  public func handOver(_ name: String, to driver: String) throws(ManagerError) {
    try release(name)
    try start(name, driver: driver)
  }

  /// Gives a device that nobody has to somebody outside. The manager does not touch it until `reclaim`.
  public func lend(_ name: String, to owner: String) throws(ManagerError) {
    let entry = try find(name)
    switch entry.state {
    case .released, .failed: entry.state = .lent(to: owner)
    default: throw .wrongState(name: name, entry.state)
    }
  }

  /// Takes a device back from outside, dead owner or alive: the next driver begins with a reset.
  public func reclaim(_ name: String) throws(ManagerError) {
    let entry = try find(name)
    guard case .lent = entry.state else { throw .wrongState(name: name, entry.state) }
    entry.state = .released
  }

  /// The bus says that a device is gone. Its name is not used again.
  public func deviceWasRemoved(_ name: String, _ removal: DeviceRemoval) throws(ManagerError) {
    let entry = try find(name)
    if entry.state == .removed { throw .wrongState(name: name, entry.state) }
    entry.device?.deviceWasRemoved(removal)
    entry.device = nil
    entry.state = .removed
    entry.place?.release()
    log.log("\(entry.location): \(name) was removed")
  }

  /// Lets go of everything: each device is reset.
  public func releaseAll() {
    for entry in entries {
      if case .driven = entry.state { _ = try? release(entry.name) }
    }
    for place in waiting { place.place.release() }
    waiting = []
  }

  private func find(_ name: String) throws(ManagerError) -> DeviceEntry {
    guard let entry = entry(named: name) else { throw .unknownName(name) }
    return entry
  }
}

/// A place whose device has no name yet.
private struct WaitingPlace {
  let place: any DevicePlace
  /// That no driver wants it has been said.
  var isReported = false
}
