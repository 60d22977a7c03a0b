import DevicePlatform
import Testing
import VirtIO

@testable import VirtIOTestSupport

/// Waiting for one request among others.
struct WaitingTests {
  private static let features: [FeatureSet] = [[], .eventIndex]

  @Test(arguments: features)
  func wait_amongOthers_keepsThemForComplete(features: FeatureSet) throws {
    var bench = try PlainBench(features: features)
    let device = bench.device
    var tokens: [Token] = []
    for tag in 0..<6 as Range<UInt16> { tokens.append(try #require(try bench.submit(tag: tag))) }
    bench.queue.publish()
    // One more is done at each wait, the newest first.
    var waiter = TestWaiter { device.complete(at: device.pending().count - 1) }
    let deadline = waiter.now + .seconds(1)
    let second = try bench.queue.wait(for: tokens[2], waiter: &waiter, until: deadline).tag
    #expect(second == 2)
    #expect(waiter.count == 4)
    // 5, 4 and 3 were kept; one from their middle is there without waiting.
    let fourth = try bench.queue.wait(for: tokens[4], waiter: &waiter, until: deadline).tag
    #expect(fourth == 4)
    #expect(waiter.count == 4)
    #expect(bench.queue.inFlight == 4)
    bench.device.completeAll()
    // What is newer in the ring comes first, then what was kept, in its order.
    #expect(bench.tagsOfCompletions() == [0, 1, 5, 3])
    #expect(bench.queue.inFlight == 0)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test(arguments: features)
  func wait_noAnswer_timesOutAtTheDeadlineAndTheLateAnswerReturnsTheBuffer(features: FeatureSet) throws {
    var bench = try PlainBench(features: features)
    let token = try #require(try bench.submit(77, tag: 9))
    bench.queue.publish()
    var waiter = TestWaiter(step: .milliseconds(30))
    let start = waiter.now
    let error = failure { () throws(WaitFailure) in
      _ = try bench.queue.wait(for: token, waiter: &waiter, until: start + .milliseconds(100))
    }
    #expect(error == .timedOut)
    #expect(waiter.now == start + .milliseconds(100))
    #expect(bench.queue.inFlight == 1)
    bench.device.complete()
    guard let completion = bench.queue.complete() else {
      Issue.record("the late answer is gone")
      return
    }
    #expect(completion.tag == 9)
    #expect(completion.takeBuffer().count == 77)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func wait_deadlinePassedAnswerThere_succeedsWithoutWaiting() throws {
    var bench = try PlainBench()
    let token = try #require(try bench.submit(tag: 1))
    bench.queue.publish()
    bench.device.complete()
    var waiter = TestWaiter(limit: 0)
    let tag = try bench.queue.wait(for: token, waiter: &waiter, until: MonotonicTime(nanoseconds: 0)).tag
    #expect(tag == 1)
    bench.reset()
  }

  @Test func wait_answerBetweenLookAndArming_isNotSleptOver() throws {
    let observer = AccessObserver()
    var bench = try QueueBench<ObservedProvider>(observer: observer)
    let device = bench.device
    let token = try #require(try bench.submit(tag: 1))
    bench.queue.publish()
    // The device finishes at the fence that follows the request for an interrupt: too late to see that request.
    observer.hook = { access, moment in
      if access == .fence, moment == .before, !device.pending().isEmpty { device.complete() }
    }
    var waiter = TestWaiter(limit: 0)
    let tag = try bench.queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(1)).tag
    #expect(tag == 1)
    observer.hook = nil
    bench.reset()
  }

  @Test func wait_unknownToken_isRefusedAtOnce() throws {
    var bench = try PlainBench()
    let token = try #require(try bench.submit(tag: 1))
    bench.queue.publish()
    bench.device.complete()
    #expect(bench.tagsOfCompletions() == [1])
    var waiter = TestWaiter(limit: 0)
    let error = failure { () throws(WaitFailure) in
      _ = try bench.queue.wait(for: token, waiter: &waiter, until: waiter.now + .seconds(1))
    }
    #expect(error == .unknownToken)
    bench.reset()
  }

  @Test func wait_deviceLies_failsAndKeepsWhatWasFinishedBefore() throws {
    var bench = try PlainBench()
    _ = try bench.submit(tag: 1)
    let second = try #require(try bench.submit(tag: 2))
    bench.queue.publish()
    bench.device.complete()
    bench.device.replayUsedElement()
    var waiter = TestWaiter(limit: 0)
    let error = failure { () throws(WaitFailure) in
      _ = try bench.queue.wait(for: second, waiter: &waiter, until: waiter.now + .seconds(1))
    }
    #expect(error == .queueFailed(.idNotInFlight(0)))
    #expect(bench.queue.inFlight == 2)
    #expect(bench.tagsOfCompletions() == [1])
    bench.reset()
    let unfinished = bench.queue.takeUnfinished()?.tag
    #expect(unfinished == 2)
  }

  @Test func wait_forAListAndForNoData_deliversBoth() throws {
    var bench = try PlainBench(size: 16, blockLike(segments: 2))
    bench.device.setHandler(queue: 0) { request, _ in
      ScriptedReply(writes: [(request.writableByteCount - 1, [0])], usedLength: UInt32(request.writableByteCount))
    }
    let list = try #require(try bench.submit(segments: [8, 9]))
    let plain = try bench.queue.submit { $0.store(1 as UInt32, at: 0) }
    bench.queue.publish()
    bench.device.completeAll(order: .newestFirst)
    var waiter = TestWaiter(limit: 0)
    let first = try bench.queue.wait(for: list, waiter: &waiter, until: waiter.now)
    #expect(first.written == 18)
    #expect(first.status == 0)
    #expect(first.takeSegments().byteCount == 17)
    let second = try bench.queue.wait(for: plain, waiter: &waiter, until: waiter.now)
    #expect(second.written == 1)
    #expect(second.takeBuffer().count == 0)
    #expect(bench.device.violations == [])
    bench.reset()
  }
}
