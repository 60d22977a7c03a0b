import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// What becomes of requests when the device is reset, or is not.
struct ResetTests {
  @Test func deviceWasReset_givesEveryBufferBackOnce() throws {
    var bench = try PlainBench(size: 16, blockLike(segments: 2))
    // Slots of four: a buffer, a list, one without data, and one that is not published.
    _ = try bench.submit(100, tag: 1)
    _ = try bench.submit(segments: [10, 20], tag: 2)
    _ = try bench.queue.submit(tag: 3) { _ in }
    bench.queue.publish()
    _ = try bench.submit(50, tag: 4)
    #expect(bench.queue.inFlight == 4)
    let isEarly = bench.queue.takeUnfinished() == nil
    #expect(isEarly)
    bench.reset()
    #expect(bench.queue.inFlight == 4)
    let isFinished = bench.queue.complete() == nil
    #expect(isFinished)
    var byteCounts: [UInt16: UInt32] = [:]
    while let completion = bench.queue.takeUnfinished() {
      #expect(byteCounts.updateValue(completion.dataByteCount, forKey: completion.tag) == nil)
    }
    #expect(byteCounts == [1: 100, 2: 30, 3: 0, 4: 50])
    #expect(bench.queue.inFlight == 0)
    #expect(bench.queue.fault == nil)
    // Only the queue's own memory is left.
    #expect(bench.memory.buffersInUse == 2)
    #expect(bench.memory.buffersLost == 0)
  }

  @Test func deviceWasReset_whatWasFinishedBefore_comesFromComplete() throws {
    var bench = try PlainBench()
    for tag in 1...4 as ClosedRange<UInt16> { _ = try bench.submit(64, tag: tag) }
    bench.queue.publish()
    bench.device.complete(at: 2, with: ScriptedReply(bytes: [1, 2, 3]))
    bench.device.complete(at: 0, with: ScriptedReply(bytes: [4]))
    bench.reset()
    var finished: [UInt16: UInt32] = [:]
    while let completion = bench.queue.complete() { finished[completion.tag] = completion.written }
    #expect(finished == [3: 3, 1: 1])
    var unfinished: Set<UInt16> = []
    while let completion = bench.queue.takeUnfinished() { unfinished.insert(completion.tag) }
    #expect(unfinished == [2, 4])
    // The device did nothing wrong.
    #expect(bench.queue.fault == nil)
  }

  @Test func submit_afterReset_isRefusedWhateverCameBack() throws {
    var bench = try PlainBench()
    var waiter = TestWaiter()
    _ = try bench.submit(64, tag: 1)
    let second = try #require(try bench.submit(64, tag: 2))
    bench.queue.publish()
    bench.device.completeAll()
    // The first is kept while the second is waited for.
    let tag = try bench.queue.wait(for: second, waiter: &waiter, until: waiter.now + .seconds(1)).tag
    #expect(tag == 2)
    bench.reset()
    #expect(bench.tagsOfCompletions() == [1])
    let buffer = try bench.memory.allocate(byteCount: 8)
    let reason = refusal(bench.queue.submit(buffer, deviceWrites: true), byteCount: 8)
    #expect(reason == .queueFailed)
    let count = bench.queue.submitBatch(upTo: 4, deviceWrites: true, source: { _ in nil }, refused: { _, _ in })
    #expect(count == 0)
    bench.device.trace.clear()
    bench.device.trace.isOn = true
    bench.queue.publish()
    #expect(bench.device.trace.text == "")
    let isReady = bench.queue.arm()
    #expect(!isReady)
  }

  @Test func reset_ofAnotherDeviceOrBeforeTheQueue_ends() async {
    // The only ones there are; either would let buffers go that a device still writes.
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench()
      let other = try PlainBench()
      guard let reset = other.transport.reset(attempts: 3) else { return }
      bench.queue.deviceWasReset(reset)
    }
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench()
      guard let reset = bench.transport.reset(attempts: 3) else { return }
      var later = try bench.transport.makeQueue(0, QueueOptions(), features: [])
      later.deviceWasReset(reset)
    }
    await #expect(processExitsWith: .success) {
      var bench = try PlainBench()
      bench.reset()
    }
  }

  @Test func wait_afterReset_endsAtOnce() throws {
    var bench = try PlainBench()
    var waiter = TestWaiter(limit: 0)
    let token = try #require(try bench.submit())
    bench.queue.publish()
    bench.reset()
    let error = failure { () throws(WaitFailure) in
      _ = try bench.queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(1))
    }
    #expect(error == .unknownToken)
  }

  // SPEC: drivernormative:... / Device Cleanup 2
  @Test func drop_queueOfALiveDevice_losesEverythingAndFreesNothing() throws {
    let heap: DeviceHeap
    let memory: TestMemory
    do {
      var bench = try PlainBench(size: 16, blockLike(segments: 2))
      heap = bench.heap
      memory = bench.memory
      _ = try bench.submit(100)
      _ = try bench.submit(segments: [10, 20])
      bench.queue.publish()
      #expect(memory.buffersInUse == 5)
    }
    // A buffer, two segments, ring and blocks.
    #expect(memory.buffersLost == 5)
    #expect(memory.buffersInUse == 5)
    #expect(heap.reservationCount == 5)
    #expect(heap.sharedCount == 5)
  }

  @Test func drop_failedQueueOfALiveDevice_losesEverything() throws {
    let memory: TestMemory
    do {
      var bench = try PlainBench()
      memory = bench.memory
      _ = try bench.submit(100)
      bench.queue.publish()
      bench.device.writeUsedElement(id: 99, length: 0)
      #expect(bench.tagsOfCompletions() == [])
    }
    #expect(memory.buffersLost == 2)
  }

  @Test func drop_queueAfterReset_givesEverythingBack() throws {
    let heap: DeviceHeap
    do {
      var bench = try PlainBench(size: 16, blockLike(segments: 2))
      heap = bench.heap
      _ = try bench.submit(100)
      _ = try bench.submit(segments: [10, 20])
      bench.queue.publish()
      bench.reset()
    }
    #expect(heap.reservationCount == 0)
    #expect(heap.violations == [])
  }
}
