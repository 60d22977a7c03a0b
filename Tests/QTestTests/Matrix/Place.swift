import QTest
import Testing

/// Where a device is put: a machine, and a transport there.
enum Place: String, CaseIterable, CustomTestStringConvertible {
  case aarch64LegacyMMIO = "aarch64 MMIO 1"
  case aarch64MMIO = "aarch64 MMIO 2"
  case aarch64LegacyPCI = "aarch64 PCI, legacy"
  case aarch64PCI = "aarch64 PCI"
  case riscv64LegacyMMIO = "riscv64 MMIO 1"
  case riscv64MMIO = "riscv64 MMIO 2"
  case riscv64LegacyPCI = "riscv64 PCI, legacy"
  case riscv64PCI = "riscv64 PCI"
  case microvmLegacyMMIO = "microvm MMIO 1"
  case microvmMMIO = "microvm MMIO 2"
  case microvmPCI = "microvm PCI"
  case q35LegacyPCI = "q35 PCI by ports, legacy"
  case q35TransitionalPCI = "q35 PCI by ports, transitional"
  case q35PCI = "q35 PCI by ports"
  case q35EnhancedPCI = "q35 PCI by ECAM"

  /// What the device hangs on.
  enum Bus {
    case mmio
    /// PCI; `portsOnly` is false where configuration space is reached through ECAM.
    case pci(portsOnly: Bool)
  }

  var testDescription: String { rawValue }

  var kind: MachineKind {
    switch self {
    case .aarch64LegacyMMIO, .aarch64MMIO, .aarch64LegacyPCI, .aarch64PCI: .aarch64Virt
    case .riscv64LegacyMMIO, .riscv64MMIO, .riscv64LegacyPCI, .riscv64PCI: .riscv64Virt
    case .microvmLegacyMMIO, .microvmMMIO: .microvm
    case .microvmPCI: .microvmPCI
    case .q35LegacyPCI, .q35TransitionalPCI, .q35PCI, .q35EnhancedPCI: .q35
    }
  }

  var bus: Bus {
    switch self {
    case .aarch64LegacyMMIO, .aarch64MMIO, .riscv64LegacyMMIO, .riscv64MMIO, .microvmLegacyMMIO, .microvmMMIO: .mmio
    case .q35LegacyPCI, .q35TransitionalPCI, .q35PCI: .pci(portsOnly: true)
    case .aarch64LegacyPCI, .aarch64PCI, .riscv64LegacyPCI, .riscv64PCI, .q35EnhancedPCI, .microvmPCI:
      .pci(portsOnly: false)
    }
  }

  var isPCI: Bool { if case .pci = bus { true } else { false } }

  /// True where the driver has to speak the language from before version 1. A transitional device speaks both.
  var isLegacy: Bool {
    switch self {
    case .aarch64LegacyMMIO, .riscv64LegacyMMIO, .microvmLegacyMMIO, .aarch64LegacyPCI, .riscv64LegacyPCI,
      .q35LegacyPCI:
      true
    default: false
    }
  }

  /// True where the driver has no say in a queue's size.
  var fixesQueueSize: Bool { isPCI && isLegacy }

  /// The queue size that a device with `own` entries offers: QEMU's MMIO devices always take up to 1024.
  func offeredQueueSize(_ own: Int) -> Int { isPCI ? own : 1024 }

  static let withPCI = allCases.filter(\.isPCI)

  /// How many devices of one kind a machine has room for here.
  var deviceLimit: Int { isPCI ? 24 : min(24, kind.slotAddresses.count) }

  /// The device model of this bus with its identity, such as `virtio-blk-pci,disable-legacy=on`.
  func model(_ name: String) -> String {
    switch bus {
    case .mmio: "virtio-\(name)-device"
    case .pci: "virtio-\(name)-pci" + interfaces
    }
  }

  private var interfaces: String {
    if isLegacy { return ",disable-modern=on,disable-legacy=off" }
    // On a root bus QEMU's default is transitional.
    return self == .q35TransitionalPCI ? "" : ",disable-legacy=on"
  }

  /// The PCI device number, or the MMIO slot by ascending address, of device `index` of several.
  func position(_ index: Int) -> Int { isPCI ? index + 2 : index }

  /// What puts a device there.
  func positionArgument(_ index: Int) -> String {
    (isPCI ? ",addr=" : ",bus=virtio-mmio-bus.") + String(position(index), radix: isPCI ? 16 : 10)
  }
}
