// Where things are in the package.

import Foundation

/// The root of this package, and the folders below it.
package struct PackageFolder: Sendable {
  package let root: URL

  package init(root: URL) {
    self.root = root
  }

  /// Looks upwards from the working folder.
  static func containing(_ folder: URL) throws(UsageError) -> PackageFolder {
    var candidate = folder.standardizedFileURL
    while candidate.path != "/" {
      let kernel = candidate.appendingPathComponent("Sources/Executables/Kernel")
      if FileManager.default.fileExists(atPath: kernel.path) { return PackageFolder(root: candidate) }
      candidate.deleteLastPathComponent()
    }
    throw UsageError("'\(folder.path)' is not inside the Vireo package; run vireo from a folder of the package")
  }

  static func current() throws(UsageError) -> PackageFolder {
    try containing(URL(fileURLWithPath: FileManager.default.currentDirectoryPath))
  }

  var runs: URL { root.appendingPathComponent(".build/vireo") }

  func runFolder(_ combination: Combination) -> URL { runs.appendingPathComponent(combination.name) }

  func golden(_ combination: Combination) -> URL {
    root.appendingPathComponent("Tests/Golden/\(combination.name).golden")
  }

  func kernel(_ architecture: Architecture) -> URL {
    kernelScratch(architecture).appendingPathComponent("release/kernel")
  }

  /// Where SwiftPM builds the kernel.
  func kernelScratch(_ architecture: Architecture) -> URL {
    root.appendingPathComponent(".build/kernel-\(architecture.rawValue)")
  }
}
