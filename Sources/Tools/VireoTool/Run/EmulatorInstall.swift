// QEMU, from the distribution's packages.

enum EmulatorInstall {
  /// Installs what is missing, with apt and as root; otherwise one line says what to install.
  static func ensure(_ architectures: some Sequence<Architecture>) throws {
    try PackageInstall.ensure(architectures.map { ($0.emulator, [$0.emulatorPackage]) })
  }

  /// Whether QEMU can open windows, once what is missing for that has been installed, where it may be. If not, a line says
  /// what to install.
  static func canOpenWindows(_ architecture: Architecture) throws -> Bool {
    func canOpen() throws -> Bool {
      ScreenWindow.canOpenWindows(try Children.output(of: [architecture.emulator, "-display", "help"]).text)
    }
    if try canOpen() { return true }
    let package = "qemu-system-gui"
    if try PackageInstall.install([package], because: "\(architecture.emulator) opens no windows"), try canOpen() {
      return true
    }
    Terminal.progress("no window, for \(architecture.emulator) opens none; install with: sudo apt install \(package)")
    return false
  }
}
