// QEMU, from the distribution's packages.

import Foundation

enum EmulatorInstall {
  /// Installs what is missing, with apt and as root; otherwise one line says what to install.
  static func ensure(_ architectures: some Sequence<Architecture>) throws {
    let missing = architectures.filter { Children.find($0.emulator) == nil }
    guard !missing.isEmpty else { return }
    let packages = missing.map(\.emulatorPackage)
    let names = missing.map(\.emulator).joined(separator: ", ")
    guard geteuid() == 0, Children.find("apt-get") != nil else {
      throw ToolError.unavailable(
        "\(names) not found; install with: sudo apt install \(packages.joined(separator: " "))")
    }
    Terminal.progress("\(names) not found, installing \(packages.joined(separator: " "))")
    let quiet = ["DEBIAN_FRONTEND": "noninteractive"]
    _ = try Children.run(["apt-get", "update", "-q"], environment: quiet)
    let status = try Children.run(
      ["apt-get", "install", "-q", "-y", "--no-install-recommends"] + packages, environment: quiet)
    guard status == 0, missing.allSatisfy({ Children.find($0.emulator) != nil }) else {
      throw ToolError.unavailable("\(names) could not be installed (apt-get ended with status \(status))")
    }
  }
}
