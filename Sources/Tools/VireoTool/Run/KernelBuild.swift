// The guest kernel, built for a bare-metal triple.

import Foundation
import Synchronization

enum KernelBuild {
  /// Whether to build, and how.
  enum Mode {
    case usual
    /// With warnings as errors.
    case strict
    /// The kernels are taken as they are: whoever has just built them need not have it looked at again.
    case skipped

    /// By `--strict` or `--skip-build`; both at a time mean nothing.
    mutating func choose(_ option: String) throws(UsageError) {
      let chosen = option == "--strict" ? Mode.strict : .skipped
      guard self == .usual || self == chosen else {
        throw UsageError("--strict and --skip-build: expected one of them; what is not built is not built strictly")
      }
      self = chosen
    }
  }

  /// Builds for one triple; what the compiler says goes to standard error at once.
  ///
  /// - Returns: the path of the kernel.
  static func run(_ architecture: Architecture, in package: PackageFolder, _ mode: Mode) throws -> String {
    if mode == .skipped { return try find(architecture, in: package) }
    let arguments = try prepare(architecture, in: package, isStrict: mode == .strict)
    return try check(architecture, in: package, status: try Children.run(arguments, in: package.root))
  }

  /// Builds for several triples, as many at a time as there are processors: most of a build is the kernel's own module, on
  /// one thread. What the compiler says of each follows when that build has ended.
  static func run(_ architectures: [Architecture], in package: PackageFolder, _ mode: Mode) throws {
    if mode == .skipped { return try architectures.forEach { _ = try find($0, in: package) } }
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = ProcessInfo.processInfo.activeProcessorCount
    let failures = Mutex<[any Error]>([])
    queue.addOperations(
      architectures.map { architecture in
        BlockOperation {
          do {
            let arguments = try prepare(architecture, in: package, isStrict: mode == .strict)
            let (status, text) = try Children.output(of: arguments, in: package.root)
            FileHandle.standardError.write(Data(text.utf8))
            _ = try check(architecture, in: package, status: status)
          } catch {
            failures.withLock { $0.append(error) }
          }
        }
      }, waitUntilFinished: true)
    if let first = failures.withLock({ $0.first }) { throw first }
  }

  /// A kernel that was built before.
  private static func find(_ architecture: Architecture, in package: PackageFolder) throws -> String {
    let path = package.kernel(architecture).path
    guard FileManager.default.fileExists(atPath: path) else {
      throw ToolError("--skip-build: there is no kernel '\(path)'; 'vireo guest build' makes it")
    }
    return path
  }

  /// The command that builds. A scratch folder for each triple, as builds in one folder wait for one another.
  private static func prepare(
    _ architecture: Architecture, in package: PackageFolder, isStrict: Bool
  ) throws -> [String] {
    try removeIfStale(package.kernel(architecture), in: package)
    Terminal.progress("building the kernel for \(architecture.triple)")
    var arguments = [
      "swift", "build", "-c", "release", "--triple", architecture.triple,
      "--toolset", "Toolsets/\(architecture.rawValue).json", "--product", "kernel",
      "--scratch-path", package.kernelScratch(architecture).path,
    ]
    if isStrict {
      arguments += ["-Xswiftc", "-warnings-as-errors", "--explicit-target-dependency-import-check", "error"]
    }
    return arguments
  }

  private static func check(_ architecture: Architecture, in package: PackageFolder, status: Int32) throws -> String {
    let kernel = package.kernel(architecture)
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
