import DevicePlatform
import PCI
import QTest
import VirtIO
import VirtIOMMIO
import VirtIOPCI

/// A machine with a device under test, and the monitor's name for it.
struct Bench {
  let machine: QTestMachine
  let place: Place
  let path: String

  /// A machine whose only device, or only one of model `name`, is under test.
  init(_ place: Place, arguments: [String], files: [MemoryFile] = [], name: String? = nil) throws {
    var configuration = QTestMachine.Configuration(place.kind, arguments: arguments, files: files)
    configuration.isLegacyMMIO = place.isLegacy
    machine = try QTestMachine(configuration)
    self.place = place
    let devices = try machine.monitor.virtioDevices().filter { name == nil || $0.name == name }
    guard devices.count == 1 else { throw QTestError.malformed(what: "devices, expected one", found: "\(devices)") }
    path = devices[0].path
  }

  /// The one device, found by its type.
  func mmioTransport(_ type: DeviceType) throws -> MMIOTransport<QTestRegisters, QTestMemory> {
    for slot in machine.mmioSlots() {
      do throws(TransportError) {
        let transport = try MMIOTransport(registers: slot, memory: machine.memory)
        if transport.deviceType == type { return transport }
      } catch {
        // Empty slots are expected, anything else is not.
        if error != .noDevice { throw error }
      }
    }
    throw TransportError.noDevice
  }

  /// The one device, found by its type on whatever PCI bus the place has.
  func pciTransport(_ type: DeviceType) throws -> PCITransport<QTestRegisters, QTestMemory> {
    if case .pci(portsOnly: true) = place.bus {
      return try FirmwarelessBus(byPortsOf: machine).transport(type)
    }
    return try FirmwarelessBus(byECAMOf: machine).transport(type)
  }

  /// The device's own account, after everything that the driver has written.
  func report() throws -> VirtIODeviceReport {
    try machine.connection.synchronize()
    return try machine.monitor.virtioStatus(path)
  }

  func queue() throws -> VirtIOQueueReport {
    try machine.connection.synchronize()
    return try machine.monitor.queueStatus(path, queue: 0)
  }
}
