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
    var transport = try bench.transport()
    var waiter = TestWaiter()
    var queue = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: [.eventIndex]), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    var received: [UInt8] = []
    for _ in 0..<1000 {
      let buffer = try bench.memory.allocate(byteCount: 48)
      guard case .accepted(let token) = queue.submit(buffer, deviceWrites: true) else {
        Issue.record("refused")
        return
      }
      queue.publish()
      let completion = try queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(1))
      #expect(completion.written == 48)
      let filled = completion.takeBuffer()
      for index in 0..<48 { received.append(unsafe filled.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
    }
    #expect(received == model.given)
    #expect(received.count == 48_000)
    #expect(bench.device.notifications.count == 1000)
    #expect(bench.device.violations == [])
    let isReset = transport.reset(attempts: 3)
    #expect(isReset)
    queue.deviceWasReset()
  }
}
