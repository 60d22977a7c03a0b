import DevicePlatform
import PCI
import QTest
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOPCI
import VirtualMachine

/// A device under test, alone in its machine or one of several, and the monitor's name for it.
struct Bench {
  let machine: QTestMachine
  let place: Place
  let path: String
  /// The PCI device number or the MMIO slot by ascending address; nil for the only device of its type.
  let position: Int?
  /// The machine's PCI bus; nil on MMIO.
  let bus: FirmwarelessBus?
  /// What is being tried, for what goes wrong.
  var note: Comment = ""

  /// A machine whose only device, or only one of model `name`, is under test.
  init(_ place: Place, arguments: [String], files: [any InheritedFile] = [], name: String? = nil) throws {
    machine = try Self.start(place, arguments, files)
    self.place = place
    let devices = try machine.monitor.virtioDevices().filter { name == nil || $0.name == name }
    guard devices.count == 1 else { throw QTestError.malformed(what: "devices, expected one", found: "\(devices)") }
    path = devices[0].path
    position = nil
    bus = try Self.bus(of: machine, place)
  }

  /// A machine of the caller's making, whose only device is under test.
  init(_ place: Place, _ configuration: QTestMachine.Configuration) throws {
    machine = try QTestMachine(configuration)
    self.place = place
    let devices = try machine.monitor.virtioDevices()
    guard devices.count == 1 else { throw QTestError.malformed(what: "devices, expected one", found: "\(devices)") }
    path = devices[0].path
    position = nil
    bus = try Self.bus(of: machine, place)
  }

  private init(_ machine: QTestMachine, _ place: Place, _ bus: FirmwarelessBus?, path: String, position: Int) {
    self.machine = machine
    self.place = place
    self.bus = bus
    self.path = path
    self.position = position
  }

  /// Several devices in one machine.
  ///
  /// - Parameters:
  ///   - devices: each device's model and properties; where it is put is added here.
  ///   - backing: what is behind them. Sockets among its files are the emulator's alone afterwards.
  static func several(_ place: Place, devices: [String], backing: Backing) throws -> [Bench] {
    let list = devices.enumerated().flatMap { ["-device", "\($1),id=dev\($0)\(place.positionArgument($0))"] }
    let machine = try start(place, backing.arguments + list + backing.attachments, backing.files)
    for case let socket as SocketEnd in backing.files { socket.close() }
    let bus = try bus(of: machine, place)
    let paths = try machine.monitor.virtioDevices().map(\.path)
    return try devices.indices.map { index in
      let object = "/machine/peripheral/dev\(index)"
      guard let path = paths.first(where: { $0 == object || $0.hasPrefix(object + "/") }) else {
        throw QTestError.malformed(what: "devices, expected \(object)", found: "\(paths)")
      }
      return Bench(machine, place, bus, path: path, position: place.position(index))
    }
  }

  private static func start(_ place: Place, _ arguments: [String], _ files: [any InheritedFile]) throws -> QTestMachine
  {
    var configuration = QTestMachine.Configuration(place.kind, arguments: arguments, files: files)
    configuration.isLegacyMMIO = place.isLegacy
    return try QTestMachine(configuration)
  }

  private static func bus(of machine: QTestMachine, _ place: Place) throws -> FirmwarelessBus? {
    guard case .pci(let portsOnly) = place.bus else { return nil }
    return try FirmwarelessBus(machine, portsOnly: portsOnly)
  }

  /// The device, by its place or by its type.
  func mmioTransport(_ type: DeviceType) throws -> MMIOTransport<QTestRegisters, QTestMemory> {
    try mmioTransport(type, memory: machine.memory)
  }

  /// The same with other DMA memory.
  func mmioTransport<Memory: DMAMemory>(
    _ type: DeviceType, memory: Memory
  ) throws -> MMIOTransport<QTestRegisters, Memory> {
    let slots = machine.mmioSlots()
    if let position { return try MMIOTransport(registers: slots[position], memory: memory) }
    for slot in slots {
      do throws(TransportError) {
        let transport = try MMIOTransport(registers: slot, memory: memory)
        if transport.deviceType == type { return transport }
      } catch {
        // Empty slots are expected, anything else is not.
        if error != .noDevice { throw error }
      }
    }
    throw TransportError.noDevice
  }

  /// The device, by its place or by its type.
  func pciTransport(_ type: DeviceType) throws -> PCITransport<QTestRegisters, QTestMemory> {
    try pciTransport(type, memory: machine.memory)
  }

  /// The same with other DMA memory.
  func pciTransport<Memory: DMAMemory>(
    _ type: DeviceType, memory: Memory
  ) throws -> PCITransport<QTestRegisters, Memory> {
    let bus = try #require(bus)
    let function = try position.map { (device) throws(TransportError) in try bus.function(device: device) }
    guard let function = function ?? bus.functions(type).first else { throw TransportError.noDevice }
    return try bus.transport(to: function, memory: memory)
  }

  /// Hands the device's transport to whoever wants to drive it, with the machine's own memory or with another.
  func use(_ type: DeviceType, _ user: some TransportUser) throws {
    try use(type, memory: machine.memory, user)
  }

  func use<Memory: DMAMemory>(_ type: DeviceType, memory: Memory, _ user: some TransportUser) throws {
    switch place.bus {
    case .mmio: try user.use(try mmioTransport(type, memory: memory), self)
    case .pci: try user.use(try pciTransport(type, memory: memory), self)
    }
  }

  /// The device's own account, after everything that the driver has written.
  func report() throws -> VirtIODeviceReport {
    try machine.connection.synchronize()
    return try machine.monitor.virtioStatus(path)
  }

  func queue(_ index: UInt16 = 0) throws -> VirtIOQueueReport {
    try machine.connection.synchronize()
    return try machine.monitor.queueStatus(path, queue: Int(index))
  }
}

/// What is done with a device, over whichever transport it has.
protocol TransportUser {
  /// Brings the device up, does it, and lets go of the device.
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws
}
