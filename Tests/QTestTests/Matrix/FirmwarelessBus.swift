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
struct FirmwarelessBus<Access: ConfigurationAccess> {
  let machine: QTestMachine
  let bus: PCIBus<Access>
  private var windows: ResourceWindows

  private init(_ machine: QTestMachine, _ access: Access, _ layout: MachineKind.PCILayout) {
    self.machine = machine
    bus = PCIBus(access: access, lastBus: 0)
    var list = [ResourceWindow(busAddress: layout.memory.lowerBound, byteCount: UInt64(layout.memory.count))]
    if let ports = layout.ports {
      list.append(
        ResourceWindow(
          isIO: true, busAddress: ports.lowerBound, byteCount: UInt64(ports.count), space: .ports))
    }
    windows = ResourceWindows(list)
  }

  private static func layout(of machine: QTestMachine) throws -> MachineKind.PCILayout {
    guard let layout = machine.kind.pciLayout else {
      throw QTestError.malformed(what: "machine, expected one with PCI", found: machine.kind.name)
    }
    return layout
  }

  /// The functions of this device type.
  func functions(_ type: DeviceType) -> [PCIFunction] {
    bus.enumerate().filter { PCIDeviceIdentity.deviceType(of: $0) == type }
  }

  /// Places a function's BARs and looks at the device behind it.
  mutating func transport(
    to function: PCIFunction, _ policy: PCIInterfacePolicy = .any, _ messages: [InterruptMessage] = []
  ) throws(TransportError) -> PCITransport<QTestRegisters, QTestMemory> {
    let placement = bus.place(function, in: &windows)
    return try PCITransport(
      function: function, placement: placement, bus: bus, mapper: machine, memory: machine.memory, policy: policy,
      messages: messages)
  }

  /// Why a function cannot be driven; nil if it can.
  mutating func refusal(of function: PCIFunction, _ policy: PCIInterfacePolicy) -> TransportError? {
    do throws(TransportError) {
      _ = try transport(to: function, policy)
      return nil
    } catch { return error }
  }

  /// The first device of this type.
  consuming func transport(
    _ type: DeviceType, _ messages: [InterruptMessage] = []
  ) throws(TransportError) -> PCITransport<QTestRegisters, QTestMemory> {
    guard let function = functions(type).first else { throw .noDevice }
    return try transport(to: function, .any, messages)
  }
}

extension FirmwarelessBus where Access == ConfigurationPorts<QTestRegisters> {
  init(byPortsOf machine: QTestMachine) throws {
    let ports = machine.ports(at: ConfigurationPorts<QTestRegisters>.firstPort, byteCount: 8)
    self.init(machine, ConfigurationPorts(ports: ports), try Self.layout(of: machine))
  }
}

extension FirmwarelessBus where Access == ECAM<QTestRegisters> {
  /// Below q35's memory window; there it is the driver's task to say where ECAM is.
  private static var q35Base: UInt64 { 0xb000_0000 }

  init(byECAMOf machine: QTestMachine) throws {
    let layout = try Self.layout(of: machine)
    let base: UInt64
    switch layout.configuration {
    case .enhanced(let address): base = address
    case .ports:
      let ports = machine.ports(at: ConfigurationPorts<QTestRegisters>.firstPort, byteCount: 8)
      base = Self.q35Base
      guard Q35HostBridge.enableECAM(ConfigurationPorts(ports: ports), at: base) else {
        throw QTestError.malformed(what: "host bridge, expected q35's", found: machine.kind.name)
      }
    }
    // Bus 0 alone: 1 MiB.
    self.init(machine, ECAM(registers: machine.registers(at: base, byteCount: 1 << 20)), layout)
  }
}
