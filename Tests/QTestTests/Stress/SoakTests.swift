import Foundation
import Testing
import VirtIO

/// How many requests each run of the soak has; 0 for no soak.
private let soakRequests = Int(ProcessInfo.processInfo.environment["VIREO_SOAK"] ?? "") ?? 0

/// Stress for minutes: `make soak`. Not part of a plain `swift test`.
@Suite(
  .serialized, .enabled(if: soakRequests > 0, "make soak sets VIREO_SOAK"), .timeLimit(.minutes(30)),
  .hangLimit(minutes: 30)
)
struct SoakTests {
  @Test(arguments: [Place.q35PCI, .aarch64MMIO], [FeatureSet([.eventIndex, .indirectDescriptors]), []])
  func disk_racingDevice_answersEveryRequestOnce(_ place: Place, features: FeatureSet) throws {
    let seed = UInt64.random(in: 1...0xffff_ffff)
    let begin = Date()
    let run = StressRun(requests: soakRequests, depth: 3, features: features, seed: seed)
    try RacingDisk(place).expectAllWell(run)
    let ringing = features.contains(.eventIndex) ? "with EVENT_IDX" : "without EVENT_IDX"
    print(
      "soak: \(place.rawValue) \(ringing): \(run.done) requests, \(run.notifications) bells, "
        + "\(Int(Date().timeIntervalSince(begin))) s, seed \(seed)")
  }
}
