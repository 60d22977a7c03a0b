import Foundation
import HostileDevice
import Testing
import VirtIOTestSupport

/// Drivers and readers against a device that may do anything at every access: a slice of what `make fuzz` does, the same
/// each time, and the inputs that were kept.
struct HostileRunTests {
  /// Bytes that are the same in every run, more of them decisive than with even chances.
  private func bytes(_ seed: UInt64, _ count: Int) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let word = generator.next()
      return UInt8(truncatingIfNeeded: word) & (word >> 60 < 6 ? 0x7f : 0xff)
    }
  }

  /// Bits 0 and 1 of the first byte choose the transport, where there is one; the others what else there is to choose.
  @Test(arguments: HostileTarget.allCases, [0, 1, 2, 3] as [UInt8])
  func slice_onEveryTransport_findsNothing(target: HostileTarget, transport: UInt8) {
    for seed in 0..<150 as Range<UInt64> {
      let random = bytes(seed &* 977 &+ UInt64(transport), 1500)
      let input = [transport | random[0] & 0xfc, UInt8(seed & 3) | random[1] & 0xfc, UInt8(seed % 7)] + random[2...]
      let findings = target.run(input)
      #expect(findings == [], "\(target.rawValue), transport \(transport), seed \(seed)")
    }
  }

  @Test(arguments: HostileTarget.allCases)
  func corpus_findsNothing(target: HostileTarget) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus")
      .appendingPathComponent(target.rawValue)
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files {
      let findings = target.run(Array(try Data(contentsOf: file)))
      #expect(findings == [], "\(file.lastPathComponent)")
    }
  }

  @Test(arguments: HostileTarget.allCases, [0, 1, 2, 3] as [UInt8])
  func noDecisions_deviceBehaves(target: HostileTarget, transport: UInt8) {
    #expect(target.run([transport, 3, 5, 1]) == [])
  }
}
