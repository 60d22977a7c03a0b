import DeviceManager
import DevicePlatform
import DeviceTraits
import PCI
import StandardDrivers
import VirtIO
import VirtIOMMIO
import VirtIOPCI
import VirtIOTestSupport

/// A machine with scripted devices behind MMIO windows and on a PCI bus, driven by the manager with the standard drivers.
final class Computer {
  typealias MMIO = MMIOTransport<ScriptedMMIORegisters, TestMemory>
  typealias PCIBusTransport = PCITransport<ScriptedPCIRegisters, TestMemory>

  let heap = DeviceHeap()
  let memory: TestMemory
  let manager: DeviceManager
  let log = LineLog()
  let mmioDrivers = DriverRegistry<MMIO>()
  let pciDrivers = DriverRegistry<PCIBusTransport>()
  private(set) var devices: [ScriptedDevice] = []

  init() {
    memory = TestMemory(heap: heap)
    manager = DeviceManager(log: log)
    mmioDrivers.registerStandardDrivers()
    pciDrivers.registerStandardDrivers()
  }

  /// Puts devices into slots and on the bus, by turns, and brings all up.
  func start(_ devices: [ScriptedDevice]) throws {
    self.devices = devices
    var functions: [PCIAddress: ScriptedPCIFunction] = [:]
    for (index, device) in devices.enumerated() {
      if index % 2 == 1 {
        functions[PCIAddress(bus: 0, device: UInt8(index + 1))] = ScriptedPCIFunction(device: device)
        continue
      }
      let slot = PollingSlot()
      manager.found(
        try TransportPlace(mmioDrivers, slot: slot) { [memory] () throws(TransportError) in
          try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory, location: "mmio \(index)")
        })
    }
    if !functions.isEmpty { try find(functions) }
    manager.startAll()
  }

  private func find(_ functions: [PCIAddress: ScriptedPCIFunction]) throws {
    let bus = PCIBus(access: ScriptedPCIBus(functions))
    var windows = ResourceWindows([ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x100_0000)])
    for address in functions.keys.sorted(by: { $0.device < $1.device }) {
      guard let function = bus.function(at: address) else { continue }
      let placement = bus.place(function, in: &windows)
      manager.found(
        try TransportPlace(pciDrivers, slot: PollingSlot()) { [memory] () throws(TransportError) in
          try PCITransport(function: function, placement: placement, bus: bus, mapper: bus.access, memory: memory)
        })
    }
  }

  var violations: [String] { devices.flatMap { $0.violations } }
}

/// Keeps lines.
final class LineLog: LogSink {
  private(set) var lines: [String] = []
  func log(_ line: String) { lines.append(line) }
}

/// A place whose device does not interrupt.
final class PollingSlot: DeviceSlot {
  var polling: DeviceWaiter { DeviceWaiter(WaiterSource(TestWaiter(step: .milliseconds(100)))) }
  var waitingWords: String { "polled" }
  var interrupts: InterruptObservation?
  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? { nil }
  func isWorthAnotherTry(after error: BringupError) -> Bool { false }
  func release() {}
}

/// The back-ends of a machine's devices.
struct BackEnds {
  let disks = [BlockModel(sectors: 64), BlockModel(sectors: 32)]
  let sources = [EntropyModel(seed: 1), EntropyModel(seed: 2)]
  let consoles = [ConsoleModel(), ConsoleModel()]
  let networks: [NetworkModel]
  let inputs: [InputModel]

  init(_ heap: DeviceHeap) {
    networks = [NetworkModel(heap: heap), NetworkModel(heap: heap)]
    inputs = [InputModel(heap: heap), InputModel(heap: heap)]
    inputs[0].makeKeyboard()
  }

  /// Two devices of every kind: the first of each behind MMIO, the second on PCI.
  func makeDevices(_ heap: DeviceHeap) -> [ScriptedDevice] {
    var devices: [ScriptedDevice] = []
    for index in 0..<2 {
      disks[index].fillWithPattern()
      devices.append(disks[index].makeDevice(heap: heap))
      devices.append(sources[index].makeDevice(heap: heap))
      devices.append(consoles[index].makeDevice(features: FeatureSet(bit: 0), heap: heap))
      devices.append(networks[index].device)
      // So that the next round begins on the other bus.
      if index == 0 { devices.append(ScriptedDevice(type: .balloon, queueSizes: [8], heap: heap)) }
    }
    devices += inputs.map(\.device)
    for device in devices { device.trace.isOn = false }
    return devices
  }
}
