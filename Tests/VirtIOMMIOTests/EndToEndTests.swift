import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// Bring-up, requests and reset against the scripted device.
struct EndToEndTests {
  @Test(arguments: [false, true], [FeatureSet(), .eventIndex])
  func entropy_thousandRequests_givesTheSourcesBytes(isLegacy: Bool, features: FeatureSet) throws {
    let model = EntropyModel(seed: 7)
    let bench = Bench { model.makeDevice(features: features, heap: $0, isLegacy: isLegacy) }
    bench.device.trace.isOn = false
    let received = try drawEntropy(requests: 1000, byteCount: 48, over: try bench.transport())
    #expect(received == model.given)
    #expect(received.count == 48_000)
    #expect(bench.device.notifications.count == 1000)
    #expect(bench.device.violations == [])
    #expect(bench.device.status == [] && bench.memory.buffersInUse == 0)
  }
}
