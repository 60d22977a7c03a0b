import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// Many requests in one call.
struct BatchTests {
  private static let features: [FeatureSet] = [[], .eventIndex]

  /// Submits up to `limit` buffers of these sizes; what was refused, and the count.
  private func submit(
    _ bench: inout PlainBench, upTo limit: Int, sizes: [Int]
  ) throws -> (count: Int, refusals: [SubmissionRefusal], asked: Int) {
    var idle = DMABufferStack(capacity: sizes.count)
    for size in sizes.reversed() { idle.push(size == 0 ? DMABuffer() : try bench.memory.allocate(byteCount: size)) }
    var refusals: [SubmissionRefusal] = []
    var asked = 0
    let count = bench.queue.submitBatch(
      upTo: limit, deviceWrites: true, tag: 5,
      source: { _ in
        asked += 1
        return idle.pop()
      }, refused: { reason, _ in refusals.append(reason) })
    return (count, refusals, asked)
  }

  @Test(arguments: features)
  func batch_thatFits_isTakenAndPublishedWithOneNotification(features: FeatureSet) throws {
    var bench = try PlainBench(size: 8, features: features)
    let result = try submit(&bench, upTo: 100, sizes: [1, 2, 3])
    #expect(result.count == 3)
    #expect(result.refusals == [])
    #expect(bench.device.notifications == [0])
    #expect(bench.device.pending().map(\.writableByteCount) == [1, 2, 3])
    bench.device.completeAll(order: .newestFirst)
    var seen: [Int] = []
    let count = bench.queue.completeBatch(upTo: 100) { completion in
      #expect(completion.tag == 5)
      seen.append(completion.takeBuffer().count)
    }
    #expect(count == 3)
    #expect(seen == [3, 2, 1])
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func batch_beyondTheRoom_stopsWithoutAskingForMore() throws {
    var bench = try PlainBench(size: 4)
    _ = try bench.submit(9)
    let result = try submit(&bench, upTo: 100, sizes: [1, 2, 3, 4, 5])
    #expect(result.count == 3)
    #expect(result.asked == 3)
    #expect(result.refusals == [])
    #expect(bench.queue.inFlight == 4)
    #expect(bench.device.pending().count == 4)
    let more = try submit(&bench, upTo: 100, sizes: [1])
    #expect(more.count == 0)
    #expect(more.asked == 0)
    bench.reset()
  }

  @Test(arguments: [0, -1, .min])
  func batch_upToNothing_doesNothing(limit: Int) throws {
    var bench = try PlainBench(size: 4)
    let result = try submit(&bench, upTo: limit, sizes: [1])
    #expect(result.count == 0)
    #expect(result.asked == 0)
    #expect(bench.device.notifications == [])
    _ = try bench.submit()
    bench.queue.publish()
    bench.device.complete()
    let count = bench.queue.completeBatch(upTo: limit) { _ in Issue.record("handed over") }
    #expect(count == 0)
    #expect(bench.queue.inFlight == 1)
    bench.reset()
  }

  @Test(arguments: [(0, SubmissionRefusal.emptyBuffer), (65, .segmentTooLong(byteCount: 65, limit: 64))])
  func batch_withABadBuffer_endsThereAndKeepsTheRest(size: Int, reason: SubmissionRefusal) throws {
    var bench = try PlainBench(size: 8, QueueOptions(maximumSegmentByteCount: 64))
    let result = try submit(&bench, upTo: 100, sizes: [64, 1, size, 2])
    #expect(result.count == 2)
    #expect(result.refusals == [reason])
    #expect(result.asked == 3)
    #expect(bench.device.pending().map(\.writableByteCount) == [64, 1])
    // The slot that was not used is not lost.
    let rest = try submit(&bench, upTo: 100, sizes: [1, 2, 3, 4, 5, 6])
    #expect(rest.count == 6)
    bench.device.completeAll()
    #expect(bench.tagsOfCompletions().count == 8)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func completeBatch_inParts_keepsTheOrder() throws {
    var bench = try PlainBench(size: 8)
    for tag in 0..<8 as Range<UInt16> { _ = try bench.submit(tag: tag) }
    bench.queue.publish()
    bench.device.completeAll()
    var tags: [UInt16] = []
    for limit in [3, 1, 100] { _ = bench.queue.completeBatch(upTo: limit) { tags.append($0.tag) } }
    #expect(tags == Array(0..<8))
    bench.reset()
  }

  @Test func completeBatch_listsAmongBuffers_comeInOrderAndTheirSlotsAreReused() throws {
    var bench = try PlainBench(size: 32, blockLike(segments: 3))
    #expect(bench.queue.capacity == 6)
    for round in 0..<5 {
      var expected: [UInt16] = []
      for number in 0..<6 {
        let tag = UInt16(round * 10 + number)
        expected.append(tag)
        switch (number + round) % 3 {
        case 0: _ = try bench.submit(segments: [4, 5, 6], tag: tag)
        case 1: _ = try bench.queue.submit(tag: tag) { _ in }
        default: _ = try bench.submit(7, tag: tag)
        }
      }
      bench.queue.publish()
      bench.device.completeAll()
      var tags: [UInt16] = []
      let count = bench.queue.completeBatch(upTo: 100) { completion in
        tags.append(completion.tag)
        #expect(completion.dataByteCount == [15, 0, 7][(Int(completion.tag) % 10 + round) % 3])
      }
      #expect(count == 6)
      #expect(tags == expected)
    }
    #expect(bench.memory.buffersInUse == 2)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func batches_withKeptCompletions_neitherOverfillNorForget() throws {
    var bench = try PlainBench(size: 4)
    var tokens: [Token] = []
    for tag in 0..<4 as Range<UInt16> { tokens.append(try #require(try bench.submit(tag: tag))) }
    bench.queue.publish()
    bench.device.completeAll()
    var waiter = TestWaiter(limit: 0)
    _ = try bench.queue.wait(for: tokens[3], waiter: &waiter, until: waiter.now)
    // Three are kept: there is room for one.
    let result = try submit(&bench, upTo: 100, sizes: [1, 1, 1])
    #expect(result.count == 1)
    bench.device.completeAll()
    var tags: [UInt16] = []
    let count = bench.queue.completeBatch(upTo: 100) { tags.append($0.tag) }
    #expect(count == 4)
    #expect(tags == [5, 0, 1, 2])
    #expect(bench.queue.inFlight == 0)
    bench.reset()
  }

  @Test func completeBatch_lieInTheMiddle_handsOverWhatCameBefore() throws {
    var bench = try PlainBench(size: 8)
    for tag in 0..<4 as Range<UInt16> { _ = try bench.submit(tag: tag) }
    bench.queue.publish()
    bench.device.complete()
    bench.device.complete()
    bench.device.writeUsedElement(id: 7, length: 0)
    var tags: [UInt16] = []
    let count = bench.queue.completeBatch(upTo: 100) { tags.append($0.tag) }
    #expect(count == 2)
    #expect(tags == [0, 1])
    #expect(bench.queue.fault == .idNotInFlight(7))
    let result = try submit(&bench, upTo: 100, sizes: [1])
    #expect(result.count == 0)
    #expect(result.asked == 0)
    bench.reset()
    var unfinished: [UInt16] = []
    while let completion = bench.queue.takeUnfinished() { unfinished.append(completion.tag) }
    #expect(unfinished == [2, 3])
    #expect(bench.memory.buffersLost == 0)
  }
}
