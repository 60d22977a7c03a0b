import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// Dropping a queue that the device knows, before anything was published.
struct UnusedQueueTests {
  // SPEC: drivernormative:... / Device Cleanup 2
  @Test func drop_liveQueueThatWasNeverUsed_keepsItsMemoryFromReuse() throws {
    var memory: TestMemory?
    do {
      let bench = try PlainBench()
      memory = bench.memory
    }
    #expect(memory?.buffersLost == 1)
    #expect(memory?.buffersInUse == 1)
  }

  @Test func drop_unusedQueueAfterReset_givesItsMemoryBack() throws {
    var memory: TestMemory?
    do {
      var bench = try PlainBench()
      memory = bench.memory
      bench.reset()
    }
    #expect(memory?.buffersLost == 0)
    #expect(memory?.buffersInUse == 0)
  }
}
