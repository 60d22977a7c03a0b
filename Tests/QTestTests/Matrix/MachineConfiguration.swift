import PCI
import QTest

/// A machine's PCI configuration space, whichever way leads there.
struct MachineConfiguration: ConfigurationAccess {
  private let access: any ConfigurationAccess

  /// Below q35's memory window; there it is the driver's task to say where ECAM is.
  private static var q35Base: UInt64 { 0xb000_0000 }

  /// - Parameter portsOnly: by q35's port pair, not through ECAM.
  init(_ machine: QTestMachine, _ layout: MachineKind.PCILayout, portsOnly: Bool) throws {
    let base: UInt64
    switch layout.configuration {
    case .enhanced(let address): base = address
    case .ports:
      let ports = ConfigurationPorts(
        ports: machine.ports(at: ConfigurationPorts<QTestRegisters>.firstPort, byteCount: 8))
      if portsOnly {
        access = ports
        return
      }
      base = Self.q35Base
      guard Q35HostBridge.enableECAM(ports, at: base) else {
        throw QTestError.malformed(what: "host bridge, expected q35's", found: machine.kind.name)
      }
    }
    // Buses 0 to 3, 1 MiB each.
    access = ECAM(registers: machine.registers(at: base, byteCount: 4 << 20))
  }

  func load8(_ function: PCIAddress, at offset: Int) -> UInt8 { access.load8(function, at: offset) }
  func load16(_ function: PCIAddress, at offset: Int) -> UInt16 { access.load16(function, at: offset) }
  func load32(_ function: PCIAddress, at offset: Int) -> UInt32 { access.load32(function, at: offset) }
  func store8(_ value: UInt8, _ function: PCIAddress, at offset: Int) { access.store8(value, function, at: offset) }
  func store16(_ value: UInt16, _ function: PCIAddress, at offset: Int) { access.store16(value, function, at: offset) }
  func store32(_ value: UInt32, _ function: PCIAddress, at offset: Int) { access.store32(value, function, at: offset) }
}
