// The processor architectures that the guest kernel is built for.

/// An architecture, and the names by which the toolchain, QEMU and Debian know it.
package enum Architecture: String, CaseIterable, Sendable {
  case aarch64
  case x86 = "x86_64"
  case riscv64

  /// The bare-metal triple that the kernel is built for.
  package var triple: String {
    switch self {
    case .aarch64: "aarch64-none-none-elf"
    case .x86: "x86_64-unknown-none-elf"
    case .riscv64: "riscv64-none-none-eabi"
    }
  }

  var emulator: String { "qemu-system-\(rawValue)" }

  /// The Debian package that has the emulator.
  var emulatorPackage: String {
    switch self {
    case .aarch64: "qemu-system-arm"
    case .x86: "qemu-system-x86"
    case .riscv64: "qemu-system-misc"
    }
  }
}
