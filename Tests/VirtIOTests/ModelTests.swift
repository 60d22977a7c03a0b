import Testing
import VirtIO

/// The shipped ring in a small model: driver and device interleaved in every way up to a number of moves, with a store
/// buffer. No notification is lost, no completion slept through, no buffer comes back twice or never, and no device sees
/// half a request.
///
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues / Supplying Buffers to The Device / Notifying The
/// Device
struct ModelTests {
  typealias Case = (side: ModelExploration.Side, size: UInt32, features: FeatureSet)

  @Test(
    arguments: [
      (.submitting, 1, []), (.submitting, 2, []), (.submitting, 2, .eventIndex), (.submitting, 4, .eventIndex),
      (.waiting, 1, []), (.waiting, 2, .eventIndex), (.coalescing, 2, []), (.coalescing, 4, .eventIndex),
    ] as [Case])
  func everyInterleaving_losesNothing(_ which: Case) throws {
    let model = ModelExploration(side: which.side, size: which.size, features: which.features)
    let (findings, runs) = try model.run()
    #expect(findings == [])
    #expect(runs > 300)
    // All of them, and not as many as the limit lets through.
    #expect(runs < model.limit)
  }

  @Test(arguments: [FeatureSet(), .eventIndex])
  func control_withoutFences_aNotificationIsLost(features: FeatureSet) throws {
    let model = ModelExploration(side: .submitting, size: 2, features: features, flaw: .fences, deviations: 3)
    let (findings, _) = try model.run(until: ModelExploration.lost)
    #expect(findings.contains(ModelExploration.lost))
  }

  @Test(arguments: [ModelExploration.Side.waiting, .coalescing], [FeatureSet(), .eventIndex])
  func control_withoutFences_aCompletionIsSleptThrough(side: ModelExploration.Side, features: FeatureSet) throws {
    let model = ModelExploration(side: side, size: 2, features: features, flaw: .fences)
    let (findings, _) = try model.run(until: ModelExploration.slept)
    #expect(findings.contains(ModelExploration.slept))
  }

  @Test func control_withoutRelease_halfARequestIsVisible() throws {
    let model = ModelExploration(side: .submitting, size: 2, features: [], flaw: .releases)
    let (findings, _) = try model.run(until: ModelExploration.half)
    #expect(findings.contains(ModelExploration.half))
  }
}
