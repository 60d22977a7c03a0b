import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// One interrupt for several completions.
struct CoalescingTests {
  /// A bench whose ring's first interrupt, which every fresh ring asks for, is over.
  private func bench(
    after rounds: Int = 1, size: UInt32 = 8, features: FeatureSet = .eventIndex
  ) throws -> QueueBench<HeapProvider> {
    var bench = try PlainBench(size: size, features: features)
    bench.queue.disarm()
    for _ in 0..<rounds {
      _ = try bench.submit()
      bench.queue.publish()
      bench.device.complete()
      #expect(bench.tagsOfCompletions().count == 1)
    }
    return bench
  }

  @Test(arguments: 1...8)
  func armAfter_eachCount_interruptsAtThatCompletionOnly(count: Int) throws {
    var bench = try bench()
    let isEarly = bench.queue.arm(after: count)
    #expect(!isEarly)
    for _ in 0..<8 { _ = try bench.submit() }
    bench.queue.publish()
    let before = bench.device.interruptCount
    for done in 1...8 {
      bench.device.complete()
      #expect(bench.device.interruptCount == before + (done >= count ? 1 : 0), "after \(done) of \(count)")
    }
    #expect(bench.tagsOfCompletions().count == 8)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  /// used_event and used.idx go on from 65 535 to 0.
  @Test(arguments: [65_533, 65_534, 65_535, 65_536])
  func armAfter_whereIndicesWrapAround_interruptsAtThatCompletionOnly(position: Int) throws {
    var bench = try bench(after: position)
    for _ in 0..<4 { _ = try bench.submit() }
    bench.queue.publish()
    let isEarly = bench.queue.arm(after: 3)
    #expect(!isEarly)
    let before = bench.device.interruptCount
    for expected in [0, 0, 1, 1] {
      bench.device.complete()
      #expect(bench.device.interruptCount == before + expected)
    }
    let isReady = bench.queue.arm(after: 4)
    #expect(isReady)
    #expect(bench.tagsOfCompletions().count == 4)
    bench.reset()
  }

  @Test func armAfter_withoutEventIndex_interruptsAtTheNextCompletion() throws {
    var bench = try bench(features: [])
    for _ in 0..<3 { _ = try bench.submit() }
    bench.queue.publish()
    let before = bench.device.interruptCount
    let isEarly = bench.queue.arm(after: 3)
    #expect(!isEarly)
    bench.device.complete()
    #expect(bench.device.interruptCount == before + 1)
    bench.queue.disarm()
    bench.device.completeAll()
    #expect(bench.device.interruptCount == before + 1)
    bench.reset()
  }

  @Test(arguments: [FeatureSet(), .eventIndex])
  func armAfter_finishedAlready_saysSo(features: FeatureSet) throws {
    var bench = try bench(features: features)
    for _ in 0..<4 { _ = try bench.submit() }
    bench.queue.publish()
    bench.device.complete()
    bench.device.complete()
    let answers = [1, 2, 3, 4].map { bench.queue.arm(after: $0) }
    #expect(answers == [true, true, false, false])
    // Nothing is left that could finish, and interrupt.
    bench.device.completeAll()
    let isReady = bench.queue.arm(after: 8)
    #expect(isReady)
    #expect(bench.tagsOfCompletions().count == 4)
    let isEmptyReady = bench.queue.arm(after: 8)
    #expect(!isEmptyReady)
    bench.reset()
  }

  @Test func armAfter_requestsKeptByWait_count() throws {
    var bench = try bench()
    let device = bench.device
    var tokens: [Token] = []
    for _ in 0..<6 { tokens.append(try #require(try bench.submit())) }
    bench.queue.publish()
    // Two others finish before the one that is waited for.
    var waiter = TestWaiter { device.complete() }
    let deadline = waiter.now + .seconds(1)
    _ = try bench.queue.wait(for: tokens[2], waiter: &waiter, until: deadline)
    let answers = [1, 2, 3, 4].map { bench.queue.arm(after: $0) }
    #expect(answers == [true, true, false, false])
    let before = device.interruptCount
    device.complete()
    #expect(device.interruptCount == before)
    device.complete()
    #expect(device.interruptCount == before + 1)
    device.complete()
    #expect(bench.tagsOfCompletions().count == 5)
    bench.reset()
  }

  /// The lost wake-up: whenever the batch finishes, either the device interrupts or the answer is to look again.
  @Test(arguments: [FeatureSet(), .eventIndex], 1...3)
  func finishing_atAnyAccessOfArmAfter_isNoticed(features: FeatureSet, count: Int) throws {
    var moment = 0
    var hasMore = true
    while hasMore {
      let observer = AccessObserver()
      var bench = try QueueBench(observer: observer, features: features)
      let device = bench.device
      bench.queue.disarm()
      _ = try bench.submit()
      bench.queue.publish()
      device.complete()
      #expect(bench.tagsOfCompletions().count == 1)
      for _ in 0..<3 { _ = try bench.submit() }
      bench.queue.publish()
      let before = device.interruptCount
      var accesses = 0
      observer.hook = { _, when in
        guard when == .before else { return }
        if accesses == moment { for _ in 0..<count { device.complete() } }
        accesses += 1
      }
      let isReady = bench.queue.arm(after: count)
      observer.hook = nil
      hasMore = accesses > moment
      if !hasMore { for _ in 0..<count { device.complete() } }
      #expect(isReady || device.interruptCount > before, "at access \(moment)")
      bench.reset()
      moment += 1
    }
    // The wish, the fence, the look.
    #expect(moment == 4)
  }

  @Test func armAfter_failedOrResetQueue_promisesNothing() throws {
    var bench = try bench()
    bench.device.jumpUsedIndex(by: 3)
    let isLookNeeded = bench.queue.arm(after: 8)
    #expect(isLookNeeded)
    let isOver = bench.queue.complete() == nil
    #expect(isOver && bench.queue.fault != nil)
    let isReady = bench.queue.arm(after: 8)
    #expect(!isReady)
    bench.reset()
    let isReadyAfterReset = bench.queue.arm(after: 1)
    #expect(!isReadyAfterReset)
  }

  @Test func armAfter_moreThanIsInFlight_looksWhenTheDeviceJumps() throws {
    var bench = try bench()
    _ = try bench.submit()
    bench.queue.publish()
    bench.device.jumpUsedIndex(by: 3)
    let isReady = bench.queue.arm(after: 8)
    #expect(isReady)
    bench.reset()
  }
}
