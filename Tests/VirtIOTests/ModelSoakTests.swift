import Foundation
import Testing
import VirtIO

/// The model with one more deviation, for minutes: `make soak`. Not part of a plain `swift test`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["VIREO_SOAK"] != nil, "make soak sets VIREO_SOAK"))
struct ModelSoakTests {
  @Test(
    arguments: [ModelExploration.Side.submitting, .waiting, .coalescing],
    [(2, []), (2, .eventIndex), (4, [])] as [(UInt32, FeatureSet)])
  func everyInterleaving_ofOneMoreDeviation_losesNothing(
    side: ModelExploration.Side, ring: (size: UInt32, features: FeatureSet)
  ) throws {
    let model = ModelExploration(
      side: side, size: ring.size, features: ring.features, deviations: 3, limit: 3_000_000)
    let (findings, runs) = try model.run()
    #expect(runs < model.limit)
    #expect(findings == [])
    print("model: \(side), \(ring.size) entries, features \(ring.features.hexadecimal): \(runs) runs")
  }
}
