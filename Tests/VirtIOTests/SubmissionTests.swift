import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// What a queue takes, and what it refuses with the buffer.
struct SubmissionTests {
  @Test(arguments: [1, 2, 8, 256] as [UInt32])
  func submit_toFullQueue_isRefusedWithTheBuffer(size: UInt32) throws {
    var bench = try PlainBench(size: size)
    #expect(bench.queue.capacity == Int(size))
    for number in 0..<size { _ = try bench.submit(16, tag: UInt16(number)) }
    #expect(bench.queue.inFlight == Int(size))
    let extra = try bench.memory.allocate(byteCount: 99)
    let reason = refusal(bench.queue.submit(extra, deviceWrites: true), byteCount: 99)
    #expect(reason == .full)
    #expect(bench.memory.buffersInUse == Int(size) + 1)
    // One comes back, one more goes in.
    bench.queue.publish()
    bench.device.complete()
    #expect(bench.tagsOfCompletions() == [0])
    let token = try bench.submit(16, tag: 7)
    #expect(token != nil)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func submit_emptyBuffer_isRefused() throws {
    var bench = try PlainBench()
    let reason = refusal(bench.queue.submit(DMABuffer(), deviceWrites: true), byteCount: 0)
    #expect(reason == .emptyBuffer)
    #expect(bench.queue.inFlight == 0)
    bench.reset()
  }

  @Test func submit_segmentAboveTheLimit_isRefusedAndTheLimitItselfTaken() throws {
    var options = blockLike(segments: 2)
    options.maximumSegmentByteCount = 100
    var bench = try PlainBench(size: 16, options)
    let long = try bench.memory.allocate(byteCount: 101)
    let reason = refusal(bench.queue.submit(long, deviceWrites: true), byteCount: 101)
    #expect(reason == .segmentTooLong(byteCount: 101, limit: 100))
    let exact = try bench.submit(100)
    #expect(exact != nil)
    var list = SegmentList(capacity: 2)
    list.append(try bench.memory.allocate(byteCount: 100))
    list.append(try bench.memory.allocate(byteCount: 101))
    switch bench.queue.submit(list, deviceWrites: true) {
    case .accepted: Issue.record("taken")
    case .refused(let reason, let list):
      #expect(reason == .segmentTooLong(byteCount: 101, limit: 100))
      #expect(list.count == 2)
    }
    bench.reset()
  }

  @Test func submit_listOfTheWrongLength_isRefusedWithTheList() throws {
    var bench = try PlainBench(size: 16, blockLike(segments: 2))
    for count in [0, 3] {
      var list = SegmentList(capacity: 4)
      for _ in 0..<count { list.append(try bench.memory.allocate(byteCount: 8)) }
      switch bench.queue.submit(list, deviceWrites: true) {
      case .accepted: Issue.record("taken with \(count)")
      case .refused(let reason, let list):
        #expect(reason == (count == 0 ? .emptyBuffer : .tooManySegments(count: 3, limit: 2)))
        #expect(list.count == count)
      }
    }
    #expect(bench.queue.inFlight == 0)
    bench.reset()
  }

  @Test func submit_listToFullQueue_isRefusedWithTheList() throws {
    var bench = try PlainBench(size: 4, blockLike(segments: 2))
    #expect(bench.queue.capacity == 1)
    _ = try bench.submit(segments: [8, 8])
    var list = SegmentList(capacity: 1)
    list.append(try bench.memory.allocate(byteCount: 8))
    switch bench.queue.submit(list, deviceWrites: true) {
    case .accepted: Issue.record("taken")
    case .refused(let reason, let list):
      #expect(reason == .full)
      #expect(list.byteCount == 8)
    }
    let error = failure { () throws(SubmissionRefusal) in _ = try bench.queue.submit { _ in } }
    #expect(error == .full)
    bench.reset()
  }

  @Test func submit_misuse_ends() async {
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench()
      let foreign = try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8)
      _ = bench.queue.submit(foreign, deviceWrites: true)
    }
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench()
      var list = SegmentList(capacity: 1)
      list.append(try TestMemory(heap: DeviceHeap()).allocate(byteCount: 8))
      _ = bench.queue.submit(list, deviceWrites: true)
    }
    // Neither header nor status nor data: there is no chain to make.
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench()
      _ = try bench.queue.submit { _ in }
    }
    // Headers end where they end.
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench(blockLike())
      _ = try bench.queue.submit { $0.store(1 as UInt64, at: 16) }
    }
    await #expect(processExitsWith: .failure) {
      var bench = try PlainBench(blockLike())
      _ = try bench.queue.submit { $0.store(1 as UInt32, at: 2) }
    }
    await #expect(processExitsWith: .success) {
      var bench = try PlainBench(blockLike())
      _ = try bench.queue.submit { $0.store(1 as UInt64, at: 8) }
      bench.reset()
    }
  }
}
