import DevicePlatform
import Foundation
import HostileDevice
import Testing
import VirtIO
import VirtIOTestSupport

/// Drivers against a device that may do anything at every access: a slice of what `make fuzz` does, the same each time,
/// and the inputs that were kept.
struct HostileRunTests {
  /// Bytes that are the same in every run, more of them decisive than with even chances.
  private func bytes(_ seed: UInt64, _ count: Int) -> [UInt8] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let word = generator.next()
      return UInt8(truncatingIfNeeded: word) & (word >> 60 < 6 ? 0x7f : 0xff)
    }
  }

  @Test(arguments: HostileTarget.allCases, [0, 1, 2, 3] as [UInt8])
  func slice_onEveryTransport_findsNothing(target: HostileTarget, transport: UInt8) {
    for seed in 0..<150 as Range<UInt64> {
      let input = [transport, UInt8(seed & 3), UInt8(seed % 7)] + bytes(seed &* 977 &+ UInt64(transport), 1500)
      let findings = runHostile(target, input)
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
      let findings = runHostile(target, Array(try Data(contentsOf: file)))
      #expect(findings == [], "\(file.lastPathComponent)")
    }
  }

  @Test(arguments: HostileTarget.allCases, [0, 1, 2, 3] as [UInt8])
  func noDecisions_deviceBehaves(target: HostileTarget, transport: UInt8) {
    #expect(runHostile(target, [transport, 3, 5, 1]) == [])
  }

  // MARK: Controls

  @Test func control_tooManySteps_isAHang() {
    let findings = runHostile(.block, [0, 3, 5, 1], stepLimit: 20)
    #expect(findings.contains { $0.contains("hang") })
  }

  @Test func control_accessOutsideSharedMemory_isSeen() {
    let heap = DeviceHeap()
    let hostile = HostileDevice(EntropyModel().makeDevice(heap: heap), Decisions([]))
    let observer = AccessObserver()
    hostile.attach(to: observer)
    observer.hook?(.load(address: 0x1000, byteCount: 4), .before)
    #expect(hostile.findings.count == 1)
  }

  @Test func control_bufferTwiceOrNever_isSeen() {
    var account = BufferAccount()
    account.goes(account.nextNumber())
    account.goes(account.nextNumber())
    account.comes(1)
    #expect(account.findings == [])
    account.comes(1)
    #expect(account.findings.count == 1)
    account.close()
    #expect(account.findings.count == 2)
  }
}
