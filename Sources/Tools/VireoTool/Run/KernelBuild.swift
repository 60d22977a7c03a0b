// The guest kernel, built for a bare-metal triple.

import Foundation

enum KernelBuild {
  /// Builds with warnings as errors if `isStrict`.
  ///
  /// - Returns: the path of the kernel.
  static func run(_ architecture: Architecture, in package: PackageFolder, isStrict: Bool) throws -> String {
    let kernel = package.kernel(architecture)
    try removeIfStale(kernel, in: package)
    var arguments = [
      "swift", "build", "-c", "release", "--triple", architecture.triple,
      "--toolset", "Toolsets/\(architecture.rawValue).json", "--product", "kernel",
    ]
    if isStrict {
      arguments += ["-Xswiftc", "-warnings-as-errors", "--explicit-target-dependency-import-check", "error"]
    }
    Terminal.progress("building the kernel for \(architecture.triple)")
    let status = try Children.run(arguments, in: package.root)
    guard status == 0, FileManager.default.fileExists(atPath: kernel.path) else {
      throw ToolError("the kernel for \(architecture.triple) did not build (swift build ended with status \(status))")
    }
    return kernel.path
  }

  /// SwiftPM does not link again when only a linker script or a toolset has changed.
  private static func removeIfStale(_ kernel: URL, in package: PackageFolder) throws {
    guard let built = modificationDate(kernel) else { return }
    for folder in ["Linker", "Toolsets"] {
      let url = package.root.appendingPathComponent(folder)
      let files = (try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)) ?? []
      guard files.contains(where: { (modificationDate($0) ?? .distantPast) > built }) else { continue }
      return try FileManager.default.removeItem(at: kernel)
    }
  }

  private static func modificationDate(_ url: URL) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: url.path))?[.modificationDate] as? Date
  }
}
