// A Linux guest of the distribution, to measure beside ours.

import Foundation
import VirtualMachine

/// The distribution's kernel for virtual machines, its VirtIO modules, and one program of ours: kept below
/// `.build/peer`, so that the second run needs nothing from elsewhere.
struct LinuxPeer {
  let folder: URL
  /// The kernel's version, from its file's name.
  let version: String

  var kernel: URL { folder.appendingPathComponent("kernel") }
  var archive: URL { folder.appendingPathComponent("archive") }
  /// The plugin that counts instructions.
  var counter: URL { folder.appendingPathComponent("count.so") }

  private static let package = "linux-image-cloud-amd64"
  private static let modules = [
    "virtio", "virtio_ring", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "virtio_blk", "failover",
    "net_failover", "virtio_net",
  ]

  /// QEMU's arguments for a PC like that of our kernel, without devices; `word` stands behind `peer.` on the kernel's
  /// command line.
  func arguments(word: String) -> [String] {
    let words = "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check ipv6.disable=1 peer.\(word)"
    return [
      "-M", "q35", "-accel", "tcg", "-cpu", "max", "-m", "256", "-smp", "1,maxcpus=2", "-no-reboot", "-serial", "stdio",
      "-kernel", kernel.path, "-initrd", archive.path, "-append", words,
    ]
  }

  /// Gets what is missing.
  ///
  /// - Throws: `ToolError` with status 69 and one sentence about what stands in the way.
  static func prepare(in package: PackageFolder) throws -> LinuxPeer {
    let folder = package.root.appendingPathComponent(".build/peer")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let unpacked = folder.appendingPathComponent("linux")
    let version: String
    if let found = kernelVersion(in: unpacked) {
      version = found
    } else {
      version = try download(into: folder, unpacked: unpacked)
    }
    let peer = LinuxPeer(folder: folder, version: version)
    try peer.buildPrograms(from: package.root.appendingPathComponent("Benchmarks/Peer"))
    try peer.writeArchive(unpacked)
    return peer
  }

  private static func kernelVersion(in unpacked: URL) -> String? {
    let files =
      (try? FileManager.default.contentsOfDirectory(atPath: unpacked.appendingPathComponent("boot").path)) ?? []
    return files.first { $0.hasPrefix("vmlinuz-") }.map { String($0.dropFirst("vmlinuz-".count)) }
  }

  private static func missing(_ why: String) -> ToolError {
    .unavailable("the Linux guest to measure beside ours cannot be had: \(why)")
  }

  // MARK: The distribution's part

  private static func download(into folder: URL, unpacked: URL) throws -> String {
    guard ["apt-get", "apt-cache", "dpkg-deb"].allSatisfy({ ChildProcess.find($0) != nil }) else {
      throw missing("apt-get and dpkg-deb are needed for the package \(package)")
    }
    guard let name = try packageName() else { throw missing("no package source has \(package)") }
    Terminal.progress("downloading \(name) for the Linux guest that is measured beside ours (once)")
    guard try Children.run(["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", name], in: folder) == 0 else {
      throw missing("the package \(name) could not be downloaded")
    }
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let archives = files.filter { $0.lastPathComponent.hasPrefix("\(name)_") && $0.pathExtension == "deb" }
    guard let archive = archives.first else { throw missing("\(name) was downloaded and is not there") }
    defer { archives.forEach { try? FileManager.default.removeItem(at: $0) } }
    // Complete or not there: an interrupted run must not leave half of it.
    let part = folder.appendingPathComponent("part")
    try? FileManager.default.removeItem(at: part)
    guard try Children.run(["dpkg-deb", "-x", archive.path, part.path]) == 0, let version = kernelVersion(in: part)
    else {
      throw missing("\(name) holds no kernel")
    }
    try? FileManager.default.removeItem(at: unpacked)
    try FileManager.default.moveItem(at: part, to: unpacked)
    return version
  }

  /// The package that has the kernel of the newest version: the other one only depends on it.
  private static func packageName() throws -> String? {
    func look() throws -> String? {
      let text = try Children.output(of: ["apt-cache", "depends", package]).text
      return text.split(separator: "\n").compactMap { line in
        line.split(separator: " ").last.map(String.init)
      }.first { $0.hasPrefix("linux-image-") && $0 != package }
    }
    if let name = try look() { return name }
    guard geteuid() == 0 else { return nil }
    _ = try Children.run(["apt-get", "update", "-q"])
    return try look()
  }

  // MARK: Our part

  private func buildPrograms(from sources: URL) throws {
    try PackageInstall.ensure([("cc", ["gcc", "libc6-dev"])])
    let builds = [
      (["-O2", "-static", "init.c", "frames.c", "-o", folder.appendingPathComponent("init").path], "init.c"),
      (["-O2", "-shared", "-fPIC", "count.c", "-o", counter.path], "count.c"),
    ]
    for (words, source) in builds {
      guard try Children.run(["cc"] + words, in: sources) == 0 else {
        throw LinuxPeer.missing(
          "cc cannot build Benchmarks/Peer/\(source); it needs what 'sudo apt install gcc libc6-dev' installs")
      }
    }
  }

  private func writeArchive(_ unpacked: URL) throws {
    var writer = ArchiveWriter()
    for name in ["dev", "proc", "modules"] { writer.add(name, .folder, permissions: 0o755) }
    // Where the first process finds its standard output.
    writer.add("dev/console", .characterDevice, permissions: 0o600, device: (5, 1))
    writer.add("init", .file, permissions: 0o755, contents: try bytes(folder.appendingPathComponent("init")))
    let wanted = Set(LinuxPeer.modules.map { "\($0).ko" })
    var found = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: unpacked.path).sorted() {
      let name = String(path.split(separator: "/").last ?? "")
      guard wanted.contains(name) else { continue }
      found += 1
      let contents = try bytes(unpacked.appendingPathComponent(path))
      writer.add("modules/\(name)", .file, permissions: 0o644, contents: contents)
    }
    guard found == wanted.count else {
      throw LinuxPeer.missing(
        "Linux \(version) has \(found) of the modules \(LinuxPeer.modules.joined(separator: ", "))")
    }
    writer.finish()
    try Data(writer.bytes).write(to: archive)
    try Data(try bytes(unpacked.appendingPathComponent("boot/vmlinuz-\(version)"))).write(to: kernel)
  }

  private func bytes(_ url: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: url)) }
}
