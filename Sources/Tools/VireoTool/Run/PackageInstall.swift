// Programs from the distribution's packages.

import Foundation
import VirtualMachine

enum PackageInstall {
  /// Installs what is missing, with apt and as root; otherwise one line says what to install.
  ///
  /// - Parameter programs: each with the packages that it comes with.
  static func ensure(_ programs: [(name: String, packages: [String])]) throws {
    let missing = programs.filter { ChildProcess.find($0.name) == nil }
    guard !missing.isEmpty else { return }
    let packages = missing.flatMap(\.packages)
    let names = missing.map(\.name).joined(separator: ", ")
    guard isPossible else {
      throw ToolError.unavailable(
        "\(names) not found; install with: sudo apt install \(packages.joined(separator: " "))")
    }
    guard try install(packages, because: "\(names) not found"),
      missing.allSatisfy({ ChildProcess.find($0.name) != nil })
    else { throw ToolError.unavailable("\(names) could not be installed") }
  }

  /// As root, and with apt.
  private static var isPossible: Bool { geteuid() == 0 && ChildProcess.find("apt-get") != nil }

  /// Installs packages where that is possible.
  ///
  /// - Returns: whether they are installed.
  static func install(_ packages: [String], because reason: String) throws -> Bool {
    guard isPossible else { return false }
    Terminal.progress("\(reason), installing \(packages.joined(separator: " "))")
    let quiet = ["DEBIAN_FRONTEND": "noninteractive"]
    _ = try Children.run(["apt-get", "update", "-q"], environment: quiet)
    let status = try Children.run(
      ["apt-get", "install", "-q", "-y", "--no-install-recommends"] + packages, environment: quiet)
    if status != 0 { Terminal.progress("apt-get ended with status \(status)") }
    return status == 0
  }
}
