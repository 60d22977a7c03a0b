// QEMU, from the distribution's packages.

enum EmulatorInstall {
  /// Installs what is missing, with apt and as root; otherwise one line says what to install.
  static func ensure(_ architectures: some Sequence<Architecture>) throws {
    try PackageInstall.ensure(architectures.map { ($0.emulator, [$0.emulatorPackage]) })
  }
}
