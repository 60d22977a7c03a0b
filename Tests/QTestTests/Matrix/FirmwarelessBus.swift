import DevicePlatform
import PCI
import QTest
import VirtIO
import VirtIOPCI

/// An emulated machine maps its memory addresses and its ports, each at its number.
extension QTestMachine: RegisterMapper {
  /// A window at an address or port; nil where it would not end within the space.
  public func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> QTestRegisters? {
    let limit: UInt64 = space == .ports ? 0x1_0000 : .max
    guard let size = Int(exactly: byteCount), address <= limit, byteCount <= limit - address else { return nil }
    return QTestRegisters(
      connection: connection, space: space == .ports ? .ports : .memory, base: address, byteCount: size)
  }
}

/// A machine's PCI bus on which no firmware has run: no BAR has an address, nothing decodes, until it is done here with
/// the means of the PCI module, as a kernel without firmware would.
final class FirmwarelessBus {
  let machine: QTestMachine
  let bus: PCIBus<MachineConfiguration>
  private var windows: ResourceWindows
  /// Functions are placed once; their devices may be brought up many times.
  private var placements: [PCIAddress: Placement] = [:]

  /// - Parameters:
  ///   - portsOnly: configuration space is reached by q35's port pair, not through ECAM.
  ///   - hasPorts: there is room for I/O BARs.
  init(_ machine: QTestMachine, portsOnly: Bool, hasPorts: Bool = true) throws {
    guard let layout = machine.kind.pciLayout else {
      throw QTestError.malformed(what: "machine, expected one with PCI", found: machine.kind.name)
    }
    self.machine = machine
    bus = PCIBus(access: try MachineConfiguration(machine, layout, portsOnly: portsOnly), lastBus: 0)
    var list = [ResourceWindow(busAddress: layout.memory.lowerBound, byteCount: UInt64(layout.memory.count))]
    if hasPorts, let ports = layout.ports {
      list.append(
        ResourceWindow(
          isIO: true, busAddress: ports.lowerBound, byteCount: UInt64(ports.count),
          cpuAddress: layout.portsBase.map { $0 + ports.lowerBound },
          space: layout.portsBase == nil ? .ports : .memory))
    }
    windows = ResourceWindows(list)
  }

  /// The functions of this device type.
  func functions(_ type: DeviceType) -> [PCIFunction] {
    bus.enumerate().filter { PCIDeviceIdentity.deviceType(of: $0) == type }
  }

  /// Places a function's BARs and looks at the device behind it.
  func transport(
    to function: PCIFunction, _ policy: PCIInterfacePolicy = .any, _ messages: [InterruptMessage] = []
  ) throws(TransportError) -> PCITransport<QTestRegisters, QTestMemory> {
    try transport(to: function, policy, messages, memory: machine.memory)
  }

  /// The same with other DMA memory.
  func transport<Memory: DMAMemory>(
    to function: PCIFunction, _ policy: PCIInterfacePolicy = .any, _ messages: [InterruptMessage] = [], memory: Memory
  ) throws(TransportError) -> PCITransport<QTestRegisters, Memory> {
    let placement = placements[function.address] ?? bus.place(function, in: &windows)
    placements[function.address] = placement
    return try PCITransport(
      function: function, placement: placement, bus: bus, mapper: machine, memory: memory, policy: policy,
      messages: messages)
  }

  /// The device behind a function that has come anew, where another one may have been before.
  func freshTransport(to function: PCIFunction) throws(TransportError) -> PCITransport<QTestRegisters, QTestMemory> {
    placements[function.address] = nil
    return try transport(to: function)
  }

  /// Why a function cannot be driven; nil if it can.
  func refusal(of function: PCIFunction, _ policy: PCIInterfacePolicy) -> TransportError? {
    do throws(TransportError) {
      _ = try transport(to: function, policy)
      return nil
    } catch { return error }
  }

  /// The first device of this type.
  func transport(
    _ type: DeviceType, _ messages: [InterruptMessage] = []
  ) throws(TransportError) -> PCITransport<QTestRegisters, QTestMemory> {
    guard let function = functions(type).first else { throw .noDevice }
    return try transport(to: function, .any, messages)
  }

  /// The function of this device number.
  func function(device: Int) throws(TransportError) -> PCIFunction {
    guard let function = bus.function(at: PCIAddress(bus: 0, device: UInt8(device))) else { throw .noDevice }
    return function
  }
}
