import DevicePlatform
import PCI
import QTest

/// A slot behind a PCI Express root port, operated by hand: what a kernel's hot-plug driver does.
///
/// PCI Express Base Specification, "Slot Control Register" and "Slot Status Register".
struct HotPlugSlot {
  /// Where the port is on bus 0.
  static let port = PCIAddress(bus: 0, device: 3)
  /// Where a device in the slot is.
  static let device = PCIAddress(bus: 1, device: 0)
  /// What makes the port; on q35 QEMU has to leave hot-plug to the port, as other machines do.
  static func arguments(_ place: Place) -> [String] {
    (place.kind == .q35 ? ["-global", "ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off"] : [])
      + ["-device", "pcie-root-port,id=rootport,bus=pcie.0,addr=\(port.device),chassis=1,slot=1"]
  }

  private let bus: PCIBus<MachineConfiguration>
  private let capability: Int

  /// Gives the port its bus number and its window: the first 16 MiB of the memory for BARs.
  init(_ bus: FirmwarelessBus, _ place: Place) throws {
    self.bus = bus.bus
    let capabilities = bus.bus.capabilities(of: Self.port)
    // 0x10: PCI Express.
    guard let express = capabilities.first(id: 0x10), let layout = place.kind.pciLayout else {
      throw QTestError.malformed(what: "root port, expected a PCI Express capability", found: "\(capabilities)")
    }
    capability = express.offset
    // Primary, secondary and subordinate bus.
    bus.bus.access.store32(0x0001_0100, Self.port, at: 0x18)
    let first = UInt32(layout.memory.lowerBound >> 16)
    bus.bus.access.store32((first + 0xf0) << 16 | first, Self.port, at: 0x20)
    bus.bus.setCommand([.memory, .busMaster], of: Self.port)
  }

  private var status: UInt16 { bus.access.load16(Self.port, at: capability + 0x1a) }

  /// True while something is in the slot, powered or not.
  var isOccupied: Bool { status & 0x40 != 0 }
  /// True when someone has asked for attention: wants to put a device in, or to take it out.
  var wantsAttention: Bool { status & 1 != 0 }

  /// Forgets that attention was asked for, and what else has happened.
  func acknowledge() { bus.access.store16(0x1f, Self.port, at: capability + 0x1a) }

  /// Gives the slot power.
  func powerOn() { bus.access.store16(0, Self.port, at: capability + 0x18) }

  /// Takes the slot's power away and its lamps off: whatever is in it goes.
  func powerOff() { bus.access.store16(0x07c0, Self.port, at: capability + 0x18) }
}
