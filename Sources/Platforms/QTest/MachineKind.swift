/// A kind of machine that QEMU emulates, and where its buses are.
public enum MachineKind: CaseIterable, Sendable {
  /// x86_64 PC with PCI Express.
  case q35
  /// x86_64 without PCI, with VirtIO MMIO slots.
  case microvm
  /// The same with PCI Express, which has no ports there.
  case microvmPCI
  /// aarch64 `virt`: MMIO slots and PCI Express.
  case aarch64Virt
  /// riscv64 `virt`: MMIO slots and PCI Express.
  case riscv64Virt

  /// The name in test reports.
  public var name: String {
    switch self {
    case .q35: "q35"
    case .microvm: "microvm"
    case .microvmPCI: "microvm with PCI"
    case .aarch64Virt: "aarch64 virt"
    case .riscv64Virt: "riscv64 virt"
    }
  }

  /// The emulator's program.
  public var program: String {
    switch self {
    case .q35, .microvm, .microvmPCI: "qemu-system-x86_64"
    case .aarch64Virt: "qemu-system-aarch64"
    case .riscv64Virt: "qemu-system-riscv64"
    }
  }

  /// What follows `-M`: such that all buses are below 4 GiB and interrupts can be watched at one controller.
  var machineArgument: String {
    switch self {
    case .q35: "q35"
    case .microvm: "microvm,pic=off,pit=off,rtc=off,ioapic2=off"
    case .microvmPCI: "microvm,pic=off,pit=off,rtc=off,ioapic2=off,pcie=on"
    case .aarch64Virt: "virt,highmem=off"
    case .riscv64Virt: "virt"
    }
  }

  var processorArguments: [String] { self == .aarch64Virt ? ["-cpu", "cortex-a57"] : [] }

  var firmware: [UInt8] {
    switch self {
    case .q35, .microvm, .microvmPCI: HaltFirmware.x86
    case .aarch64Virt: HaltFirmware.aarch64
    case .riscv64Virt: HaltFirmware.riscv64
    }
  }

  /// Where RAM begins.
  public var memoryBase: UInt64 {
    switch self {
    case .q35, .microvm, .microvmPCI: 0
    case .aarch64Virt: 0x4000_0000
    case .riscv64Virt: 0x8000_0000
    }
  }

  /// How much of RAM at either end is not for drivers. The machines put things there, again at each reset: video
  /// memory and ROM in a PC's first MiB; the device tree in aarch64's first MiB and in riscv64's last two MiB; the
  /// firmware at riscv64's beginning.
  static let reservedByteCount = 2 << 20

  /// The VirtIO MMIO slots: each address is one window of 0x200 bytes, in ascending order. Devices fill them from the
  /// top on aarch64 and riscv64.
  public var slotAddresses: [UInt64] {
    switch self {
    case .q35: []
    case .microvm, .microvmPCI: (0..<8).map { 0xfeb0_0000 + 0x200 * $0 }
    case .aarch64Virt: (0..<32).map { 0x0a00_0000 + 0x200 * $0 }
    case .riscv64Virt: (0..<8).map { 0x1000_1000 + 0x1000 * $0 }
    }
  }

  /// Where PCI is; nil on a machine without.
  public var pciLayout: PCILayout? {
    switch self {
    case .microvm: nil
    case .q35: PCILayout(configuration: .ports, memory: 0xe000_0000..<0xf000_0000, ports: 0xc000..<0x1_0000)
    case .microvmPCI:
      PCILayout(configuration: .enhanced(base: 0xe000_0000), memory: 0xc000_0000..<0xe000_0000, ports: nil)
    case .aarch64Virt:
      PCILayout(
        configuration: .enhanced(base: 0x3f00_0000), memory: 0x1000_0000..<0x3eff_0000, ports: 0x1000..<0x1_0000,
        portsBase: 0x3eff_0000)
    case .riscv64Virt:
      PCILayout(
        configuration: .enhanced(base: 0x3000_0000), memory: 0x4000_0000..<0x8000_0000, ports: 0x1000..<0x1_0000,
        portsBase: 0x0300_0000)
    }
  }

  /// Where a machine's PCI bus is, for code that places the BARs itself.
  public struct PCILayout: Equatable, Sendable {
    /// The way to configuration space.
    public enum Configuration: Equatable, Sendable {
      /// The port pair 0xcf8 and 0xcfc.
      case ports
      /// Memory-mapped (ECAM), bus 0 at `base`.
      case enhanced(base: UInt64)
    }

    /// The way to configuration space.
    public var configuration: Configuration
    /// Addresses for memory BARs.
    public var memory: Range<UInt64>
    /// Bus addresses for I/O BARs; nil on a bus without.
    public var ports: Range<UInt64>?
    /// The memory address at which the processor finds the bus's port 0; nil where it has ports of its own.
    public var portsBase: UInt64?
  }

  /// The interrupt controller's object for `irq_intercept_in`.
  public var interruptController: String {
    switch self {
    case .q35, .microvm, .microvmPCI: "ioapic"
    case .aarch64Virt: "/machine/unattached/device[1]"
    case .riscv64Virt: "/machine/unattached/device[2]"
    }
  }
}
