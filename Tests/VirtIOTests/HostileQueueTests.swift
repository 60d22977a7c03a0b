import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// A device that lies in the used ring.
struct HostileQueueTests {
  /// Three requests in flight in a queue of 8 descriptors, slots 3 apart when chains are in the ring.
  private func bench(_ options: QueueOptions = QueueOptions()) throws -> PlainBench {
    var bench = try PlainBench(size: 16, options)
    for tag in 1...3 as ClosedRange<UInt16> { _ = try bench.submit(64, tag: tag) }
    bench.queue.publish()
    return bench
  }

  /// After a fault nothing goes in or out, and after a reset every buffer is back once.
  private func checkFailed(_ bench: inout PlainBench, unfinished: Int) throws {
    let reason = refusal(
      bench.queue.submit(try bench.memory.allocate(byteCount: 5), deviceWrites: true), byteCount: 5)
    #expect(reason == .queueFailed)
    let isOver = bench.queue.complete() == nil
    #expect(isOver)
    let before = bench.device.notifications.count
    bench.queue.publish()
    #expect(bench.device.notifications.count == before)
    let isEarly = bench.queue.takeUnfinished() == nil
    #expect(isEarly)
    #expect(bench.queue.inFlight == unfinished)
    bench.reset()
    var tags: Set<UInt16> = []
    while let completion = bench.queue.takeUnfinished() {
      #expect(completion.written == 0)
      #expect(completion.status == 0xff)
      tags.insert(completion.tag)
      #expect(completion.takeBuffer().count == 64)
    }
    #expect(tags.count == unfinished)
    #expect(bench.queue.inFlight == 0)
    #expect(bench.memory.buffersLost == 0)
  }

  @Test(arguments: [16, 17, 0x7fff, 0xffff, 0x1_0000, 0x1_0001, 0x8000_0000, .max] as [UInt32])
  func complete_idBeyondTheTable_failsTheQueue(id: UInt32) throws {
    var bench = try bench()
    bench.device.writeUsedElement(id: id, length: 1)
    #expect(bench.tagsOfCompletions() == [])
    #expect(bench.queue.fault == .idUnknown(id))
    try checkFailed(&bench, unfinished: 3)
  }

  @Test(arguments: [3, 4, 15] as [UInt32])
  func complete_idOfAFreeSlot_failsTheQueue(id: UInt32) throws {
    var bench = try bench()
    bench.device.writeUsedElement(id: id, length: 1)
    #expect(bench.tagsOfCompletions() == [])
    #expect(bench.queue.fault == .idNotInFlight(id))
    try checkFailed(&bench, unfinished: 3)
  }

  @Test(arguments: [1, 2, 4, 5, 7, 8] as [UInt32])
  func complete_idInsideAChain_failsTheQueue(id: UInt32) throws {
    var bench = try bench(blockLike())
    bench.device.writeUsedElement(id: id, length: 1)
    #expect(bench.tagsOfCompletions() == [])
    #expect(bench.queue.fault == .idNotInFlight(id))
    try checkFailed(&bench, unfinished: 3)
  }

  @Test func complete_replayedElement_failsTheQueueAfterTheFirst() throws {
    var bench = try bench()
    bench.device.complete(at: 1)
    bench.device.replayUsedElement()
    #expect(bench.tagsOfCompletions() == [2])
    #expect(bench.queue.fault == .idNotInFlight(1))
    try checkFailed(&bench, unfinished: 2)
  }

  @Test(arguments: [4, 5, 100, 32_767, -1, -3, -32_768] as [Int16])
  func complete_usedIndexJumps_failsTheQueue(distance: Int16) throws {
    var bench = try bench()
    bench.device.jumpUsedIndex(by: distance)
    #expect(bench.tagsOfCompletions() == [])
    #expect(bench.queue.fault == .usedIndexJumped(from: 0, to: UInt16(bitPattern: distance), inFlight: 3))
    try checkFailed(&bench, unfinished: 3)
  }

  @Test func complete_usedIndexGoesBack_failsTheQueue() throws {
    var bench = try bench()
    bench.device.complete()
    #expect(bench.tagsOfCompletions() == [1])
    bench.device.jumpUsedIndex(by: -1)
    #expect(bench.tagsOfCompletions() == [])
    #expect(bench.queue.fault == .usedIndexJumped(from: 1, to: 0, inFlight: 2))
    try checkFailed(&bench, unfinished: 2)
  }

  @Test func complete_requestThatWasNotPublished_isNotCounted() throws {
    var bench = try bench()
    _ = try bench.submit(64, tag: 4)
    // Four in the queue, three published: an index of four is a lie.
    bench.device.jumpUsedIndex(by: 4)
    #expect(bench.tagsOfCompletions() == [])
    #expect(bench.queue.fault == .usedIndexJumped(from: 0, to: 4, inFlight: 3))
    bench.reset()
  }

  @Test(arguments: [65, 1_000, .max] as [UInt32])
  func complete_lengthTooLarge_isCutDownAndCounted(length: UInt32) throws {
    var bench = try bench()
    bench.device.hostility.usedLength = length
    bench.device.complete()
    bench.device.hostility.usedLength = 64
    bench.device.complete()
    var written: [UInt32] = []
    while let completion = bench.queue.complete() { written.append(completion.written) }
    #expect(written == [64, 64])
    #expect(bench.queue.counters.falseLengths == 1)
    #expect(bench.queue.fault == nil)
    bench.reset()
  }

  @Test func complete_lengthOfWhatTheDeviceOnlyReads_isCutToTheStatus() throws {
    var bench = try PlainBench(blockLike(segments: 2))
    _ = try bench.submit(64, tag: 1, deviceWrites: false)
    bench.queue.publish()
    bench.device.hostility.usedLength = 65
    bench.device.complete()
    let written = bench.queue.complete()?.written
    #expect(written == 1)
    _ = try bench.submit(segments: [8, 8], deviceWrites: false)
    bench.queue.publish()
    bench.device.complete()
    let writtenOfList = bench.queue.complete()?.written
    #expect(writtenOfList == 1)
    #expect(bench.queue.counters.falseLengths == 2)
    bench.reset()
  }

  @Test func status_leftUnwritten_isNotTheLastRequests() throws {
    var bench = try PlainBench(size: 4, blockLike())
    bench.device.setHandler(queue: 0) { _, _ in ScriptedReply(writes: [(8, [0])], usedLength: 9) }
    for round in 0..<3 {
      bench.device.hostility.leavesStatusUnwritten = round == 1
      _ = try bench.submit(8)
      bench.queue.publish()
      bench.device.complete()
      let status = bench.queue.complete()?.status
      #expect(status == (round == 1 ? 0xff : 0))
    }
    bench.reset()
  }
}
