// Disks, looked at from the host: before, after, and from a second boot.

import Foundation

extension GuestTest {
  /// Two images of random bytes, one of odd size: the guest's checksums are the host's, and the images stay as they
  /// were.
  static func checksums(_ combination: Combination) -> GuestTest {
    GuestTest(name: "checksums \(combination.name)") { context in
      let folder = try context.folder("checksums-\(combination.name)")
      let first = try TestImage(folder.appendingPathComponent("a.img"), byteCount: 300 * 1024)
      let second = try TestImage(folder.appendingPathComponent("b.img"), byteCount: 100_001)
      var devices = GuestDevices()
      devices.images = [first.attached(writable: false), second.attached(writable: false)]
      let outcome = try context.boot(combination, in: folder, devices: devices)
      var failures = outcome.failures
      for (name, image) in [("vda", first), ("vdb", second)] {
        let line = "# \(name): \(image.padded.count) bytes, crc32 \(CRC32.text(image.padded))"
        if !outcome.lines.contains(line) { failures.append("expected the line '\(line)'") }
        if try image.contents() != image.bytes { failures.append("\(name) was attached read-only and has changed") }
      }
      return failures
    }
  }

  /// What a script writes arrives where it should, nothing else changes, and the next boot reads it.
  static func writing(_ combination: Combination) -> GuestTest {
    GuestTest(name: "writing \(combination.name)") { context in
      let folder = try context.folder("writing-\(combination.name)")
      let first = try TestImage(folder.appendingPathComponent("a.img"), byteCount: 64 * 1024)
      let second = try TestImage(folder.appendingPathComponent("b.img"), byteCount: 32 * 1024)
      let words = (0..<16).map { _ in UInt8.random(in: 0...255) }
      let digits = words.map(hexadecimal).joined()
      var devices = GuestDevices()
      devices.images = [first.attached(writable: true), second.attached(writable: true)]
      var failures = try context.boot(combination, in: folder, devices: devices, script: ["write vda 5 \(digits)"])
        .failures
      var expected = first.bytes
      expected.replaceSubrange(5 * 512..<5 * 512 + 16, with: words)
      if try first.contents() != expected {
        failures.append("vda is not what it was with 16 bytes replaced at the start of sector 5")
      }
      if try second.contents() != second.bytes { failures.append("vdb has changed, and only vda was written") }

      devices.images = [first.attached(writable: false)]
      let again = try context.boot(combination, in: folder, devices: devices, script: ["read vda 5"])
      failures += again.failures
      let dump = ShellTranscript.results(in: again.lines).first?.output ?? []
      if !dump.contains(where: { $0.filter { !$0.isWhitespace }.contains(digits) }) {
        failures.append("the second boot did not read \(digits) from sector 5 of vda")
      }
      return failures
    }
  }

  /// Refused requests: an error each, and the device goes on working.
  static func refusals(_ combination: Combination) -> GuestTest {
    GuestTest(name: "refusals \(combination.name)") { context in
      let folder = try context.folder("refusals-\(combination.name)")
      let image = try TestImage(folder.appendingPathComponent("a.img"), byteCount: 8 * 1024 + 7)
      var devices = GuestDevices()
      devices.images = [image.attached(writable: false)]
      let script = ["write vda 1 00ff", "read vda 17", "read vda 18446744073709551615", "read vdx 0", "read vda 16"]
      let outcome = try context.boot(combination, in: folder, devices: devices, script: script)
      let results = ShellTranscript.results(in: outcome.lines)
      var failures: [String] = []
      for (index, line) in script.enumerated() {
        let isRefused = index < results.count ? results[index].error != nil : nil
        if isRefused != (index < 4) {
          failures.append("'\(line)' was \(isRefused.map { $0 ? "refused" : "accepted" } ?? "not answered")")
        }
      }
      if outcome.failures.filter({ $0.hasPrefix("a shell command failed") }).count != 4 {
        failures.append("expected four failed commands to fail the run, found: \(outcome.failures)")
      }
      if try image.contents() != image.bytes { failures.append("vda was attached read-only and has changed") }
      return failures
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
}

/// An image of random bytes.
struct TestImage {
  let url: URL
  let bytes: [UInt8]

  init(_ url: URL, byteCount: Int) throws {
    self.url = url
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount + 8)
    while bytes.count < byteCount {
      var word = generator.next()
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    self.bytes = Array(bytes.prefix(byteCount))
    try Data(self.bytes).write(to: url)
  }

  /// As the guest sees it: whole sectors.
  var padded: [UInt8] { bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512) }

  func contents() throws -> [UInt8] { Array(try Data(contentsOf: url)) }

  func attached(writable: Bool) -> DiskImage { DiskImage(path: url.path, isWritable: writable) }
}
