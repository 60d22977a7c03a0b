import QTest
import Testing

/// Where a device is put: one column of the matrix.
enum Place: String, CaseIterable, CustomTestStringConvertible {
  case aarch64LegacyMMIO = "aarch64 MMIO 1"
  case aarch64MMIO = "aarch64 MMIO 2"
  case riscv64MMIO = "riscv64 MMIO 2"
  case microvmMMIO = "microvm MMIO 2"
  case q35PCI = "q35 PCI by ports"
  case q35TransitionalPCI = "q35 PCI by ports, transitional"
  case q35LegacyPCI = "q35 PCI by ports, legacy"
  case q35EnhancedPCI = "q35 PCI by ECAM"
  case aarch64PCI = "aarch64 PCI"
  case riscv64PCI = "riscv64 PCI"

  /// What the device hangs on.
  enum Bus {
    case mmio
    /// PCI; `portsOnly` is false where configuration space is reached through ECAM.
    case pci(portsOnly: Bool)
  }

  var testDescription: String { rawValue }

  var kind: MachineKind {
    switch self {
    case .aarch64LegacyMMIO, .aarch64MMIO, .aarch64PCI: .aarch64Virt
    case .riscv64MMIO, .riscv64PCI: .riscv64Virt
    case .microvmMMIO: .microvm
    case .q35PCI, .q35TransitionalPCI, .q35LegacyPCI, .q35EnhancedPCI: .q35
    }
  }

  var bus: Bus {
    switch self {
    case .aarch64LegacyMMIO, .aarch64MMIO, .riscv64MMIO, .microvmMMIO: .mmio
    case .q35PCI, .q35TransitionalPCI, .q35LegacyPCI: .pci(portsOnly: true)
    case .q35EnhancedPCI, .aarch64PCI, .riscv64PCI: .pci(portsOnly: false)
    }
  }

  /// True where the driver has to speak the language from before version 1. A transitional device speaks both.
  var isLegacy: Bool { self == .aarch64LegacyMMIO || self == .q35LegacyPCI }

  /// The device model of this bus with its identity, such as `virtio-blk-pci,disable-legacy=on`.
  func model(_ name: String) -> String {
    switch bus {
    case .mmio: "virtio-\(name)-device"
    case .pci: "virtio-\(name)-pci" + interfaces
    }
  }

  private var interfaces: String {
    switch self {
    // On a root bus QEMU's default is transitional.
    case .q35TransitionalPCI: ""
    case .q35LegacyPCI: ",disable-modern=on,disable-legacy=off"
    default: ",disable-legacy=on"
    }
  }
}
