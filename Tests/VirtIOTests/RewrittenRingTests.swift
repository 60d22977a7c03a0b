import DevicePlatform
import Testing
import VirtIO

@testable import VirtIOTestSupport

/// A device that writes where only the driver writes: the descriptor table and the available ring.
struct RewrittenRingTests {
  @Test(arguments: [FeatureSet(), [.eventIndex], [.indirectDescriptors, .eventIndex]])
  func queue_rewrittenByTheDevice_keepsItsOwnAccount(features: FeatureSet) throws {
    var bench = try PlainBench(size: 16, features: features)
    for tag in 1...3 as ClosedRange<UInt16> { _ = try bench.submit(64, tag: tag) }
    bench.queue.publish()
    for byte in [0xff, 0x00, 0x01] as [UInt8] {
      let queue = bench.device.queues[0]
      try bench.heap.write([UInt8](repeating: byte, count: 16 * 16)[...], at: queue.descriptorArea)
      try bench.heap.write([UInt8](repeating: byte, count: 4 + 2 * 16)[...], at: queue.driverArea)
    }
    // What the device took before is finished, each request as it was submitted.
    bench.device.completeAll(order: .newestFirst)
    var tags: [UInt16] = []
    while let completion = bench.queue.complete() {
      tags.append(completion.tag)
      #expect(completion.takeBuffer().count == 64)
    }
    #expect(tags == [3, 2, 1])
    #expect(bench.queue.fault == nil && bench.queue.inFlight == 0)
    // New requests go into the driver's own free places, and come back after a reset, wherever the ring now leads.
    for tag in 4...19 as ClosedRange<UInt16> { _ = try bench.submit(64, tag: tag) }
    bench.reset()
    var unfinished: Set<UInt16> = []
    while let completion = bench.queue.takeUnfinished() { unfinished.insert(completion.tag) }
    #expect(unfinished == Set(4...19))
    #expect(bench.memory.buffersLost == 0)
  }
}
