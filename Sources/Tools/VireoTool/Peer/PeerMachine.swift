// The same emulated machine and the same disk for two guests.

import Foundation
import VirtualMachine

/// Boots one guest or the other on a PC with one VirtIO disk on PCI.
struct PeerMachine {
  let package: PackageFolder
  let peer: LinuxPeer
  /// The disk of both: a file in the host's page cache.
  let image: URL

  static let combination = Combination(.x86, .q35, .pci)
  static let imageByteCount = 64 << 20
  private static let deadlineSeconds = 180

  init(package: PackageFolder, peer: LinuxPeer) throws {
    self.package = package
    self.peer = peer
    image = peer.folder.appendingPathComponent("disk.img")
    var contents = Data(capacity: PeerMachine.imageByteCount)
    // No holes, which a file system would answer without reading.
    for number in 0..<PeerMachine.imageByteCount / 512 {
      contents.append(contentsOf: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 512))
    }
    try contents.write(to: image)
  }

  /// Our kernel.
  func runOurs(_ work: PeerWork, kernel: String) throws -> PeerResult {
    var run = GuestRun(
      combination: PeerMachine.combination, kernelPath: kernel, folder: package.runs.appendingPathComponent("peer-ours")
    )
    run.devices.own = []
    run.devices.images = [DiskImage(path: image.path, isWritable: false)]
    run.kernelWords = ["vireo.\(work.word)"]
    run.deadlineSeconds = PeerMachine.deadlineSeconds
    let counter = try counter(work)
    if let counter {
      run.extraArguments = counter.arguments
      run.files = counter.files
    }
    let outcome = try run.run()
    guard outcome.failures.isEmpty else { throw ToolError("our guest: \(outcome.failures.joined(separator: "; "))") }
    return try result(outcome.lines, outcome.firstSectorMilliseconds, counter)
  }

  /// Linux.
  func runLinux(_ work: PeerWork) throws -> PeerResult {
    let disk = "driver=raw,node-name=disk0,read-only=on,file.driver=file,file.filename=\(image.path)"
    let counter = try counter(work)
    let begin = ContinuousClock.now
    let machine = try Emulator(
      .init(
        PeerMachine.combination.architecture.emulator,
        peer.arguments(word: work.word) + ["-blockdev", disk, "-device", "virtio-blk-pci,addr=1,drive=disk0"]
          + (counter?.arguments ?? []), files: counter?.files ?? []))
    let limit = Duration.seconds(PeerMachine.deadlineSeconds)
    let firstSector: Int
    do throws(VirtualMachineError) {
      try machine.serial.waitForLine(within: limit) { $0.hasPrefix("# bench: first-sector") }
      firstSector = Int((ContinuousClock.now - begin) / .milliseconds(1))
      try machine.serial.waitForLine(within: limit) { $0.hasPrefix("ok: done") || $0.hasPrefix("not ok") }
    } catch {
      let lines = machine.serial.lines.suffix(3).joined(separator: " | ")
      throw ToolError("Linux \(peer.version): \(error.words); its last lines: \(lines)")
    }
    // It counts when it ends.
    guard machine.process.waitForEnd(within: .seconds(20)) != nil else {
      throw ToolError("Linux \(peer.version) was done and did not restart, which ends QEMU, within 20 s")
    }
    return try result(machine.serial.lines, firstSector, counter)
  }

  private func result(
    _ lines: [String], _ firstSector: Int?, _ counter: InstructionCounter?
  ) throws -> PeerResult {
    if let line = lines.first(where: { $0.hasPrefix("not ok") }) { throw ToolError("Linux \(peer.version): \(line)") }
    var result = PeerResult(figures: try BenchFigures(lines: lines))
    if let firstSector { result.figures.values.append(("first-sector-ms", firstSector)) }
    result.instructions = try counter?.total()
    return result
  }

  private func counter(_ work: PeerWork) throws -> InstructionCounter? {
    work.isCounted ? try InstructionCounter(peer) : nil
  }
}
