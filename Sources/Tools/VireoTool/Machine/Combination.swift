// Which architecture, machine and transport go together.

package enum Machine: String, CaseIterable, Sendable {
  case virt
  case q35
  case microvm
}

package enum TransportKind: String, CaseIterable, Sendable {
  case legacyMMIO = "mmio-legacy"
  case mmio
  case pci
}

/// One of the nine guests that this project runs.
package struct Combination: Hashable, Sendable, CustomStringConvertible {
  package let architecture: Architecture
  package let machine: Machine
  package let transport: TransportKind

  /// All valid combinations, in the order in which they are tested and listed.
  package static let all: [Combination] = [
    Combination(.aarch64, .virt, .legacyMMIO), Combination(.aarch64, .virt, .mmio), Combination(.aarch64, .virt, .pci),
    Combination(.riscv64, .virt, .legacyMMIO), Combination(.riscv64, .virt, .mmio), Combination(.riscv64, .virt, .pci),
    Combination(.x86, .microvm, .legacyMMIO), Combination(.x86, .microvm, .mmio),
    Combination(.x86, .q35, .pci),
  ]

  init(_ architecture: Architecture, _ machine: Machine, _ transport: TransportKind) {
    self.architecture = architecture
    self.machine = machine
    self.transport = transport
  }

  /// Completes what was asked for with the defaults: aarch64; its first machine; MMIO, or PCI where there is no MMIO.
  ///
  /// - Throws: `UsageError` that lists the valid combinations.
  package init(architecture: String?, machine: String?, transport: String?) throws(UsageError) {
    let architectureName = architecture ?? Architecture.aarch64.rawValue
    let candidates = Combination.all.filter {
      $0.architecture.rawValue == architectureName
        && (machine == nil || $0.machine.rawValue == machine)
        && (transport == nil || $0.transport.rawValue == transport)
    }
    let isBareX86 = architectureName == Architecture.x86.rawValue && machine == nil && transport == nil
    let preferred = candidates.first { isBareX86 ? $0.transport == .pci : $0.transport == .mmio }
    guard let choice = preferred ?? candidates.first else {
      let asked = [architectureName, machine, transport].compactMap { $0 }.joined(separator: " ")
      throw UsageError(
        "there is no guest for '\(asked)'; the valid combinations of architecture, machine and transport are:\n"
          + Combination.all.map { "  \($0)" }.joined(separator: "\n"))
    }
    self = choice
  }

  /// Whether QEMU gives this machine files of the host's in its firmware configuration. riscv64's virt has one, made too
  /// late for the option `-fw_cfg`.
  var takesFirmwareFiles: Bool { architecture != .riscv64 }

  /// Whether there can be a GPU: there are none of the drafts before version 1.
  var takesScreens: Bool { transport != .legacyMMIO }

  package var description: String { "\(architecture.rawValue) \(machine.rawValue) \(transport.rawValue)" }

  /// The name of its folders and files, such as `aarch64-virt-mmio`.
  package var name: String { "\(architecture.rawValue)-\(machine.rawValue)-\(transport.rawValue)" }
}
