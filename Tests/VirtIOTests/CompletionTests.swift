import DevicePlatform
import Testing
import VirtIO

@testable import VirtIOTestSupport

/// Requests that come back: each once, in the device's order, with its own buffer.
struct CompletionTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var size: UInt32
    var features: FeatureSet
    var testDescription: String { "size \(size), features \(features.hexadecimal)" }
  }

  static let variants: [Variant] = [1, 2, 16, 256].flatMap { size in
    [FeatureSet(), .eventIndex].map { Variant(size: size, features: $0) }
  }

  @Test(
    arguments: variants, [ScriptedDevice.CompletionOrder.oldestFirst, .newestFirst, .random(seed: 3), .random(seed: 4)])
  func complete_inAnyOrder_givesEachItsOwnBufferAndBytes(
    variant: Variant, order: ScriptedDevice.CompletionOrder
  ) throws {
    var bench = try PlainBench(size: variant.size, features: variant.features)
    // The device answers with the chain's place in its own count.
    bench.device.setHandler(queue: 0) { request, _ in
      ScriptedReply(bytes: Array(repeating: UInt8(truncatingIfNeeded: request.writableByteCount), count: 5))
    }
    for round in 0..<4 {
      for number in 0..<bench.queue.capacity { _ = try bench.submit(5 + number, tag: UInt16(round * 1000 + number)) }
      bench.queue.publish()
      bench.device.completeAll(order: order)
      var seen: Set<UInt16> = []
      while let completion = bench.queue.complete() {
        let number = Int(completion.tag) - round * 1000
        seen.insert(completion.tag)
        #expect(completion.written == 5)
        let buffer = completion.takeBuffer()
        #expect(buffer.count == 5 + number)
        #expect(buffer.array(5) == Array(repeating: UInt8(truncatingIfNeeded: 5 + number), count: 5))
      }
      #expect(seen.count == bench.queue.capacity)
      #expect(bench.queue.inFlight == 0)
    }
    #expect(bench.device.violations == [])
    #expect(bench.queue.counters.falseLengths == 0)
    bench.reset()
  }

  @Test func complete_reversed_keepsTheDevicesOrder() throws {
    var bench = try PlainBench(size: 8)
    for tag in 0..<8 as Range<UInt16> { _ = try bench.submit(tag: tag) }
    bench.queue.publish()
    bench.device.completeAll(order: .newestFirst)
    #expect(bench.tagsOfCompletions() == [7, 6, 5, 4, 3, 2, 1, 0])
    bench.reset()
  }

  // SPEC: drivernormative:... / The Virtqueue Available Ring 1
  @Test(arguments: [FeatureSet(), .eventIndex])
  func run_ofMoreThan70000Requests_wrapsAndMissesNoDoorbell(features: FeatureSet) throws {
    var bench = try PlainBench(size: 256, features: features)
    bench.device.setManual(false)
    var generator = SplitMix64(seed: 11)
    // The buffers go round, so that the run is quick.
    var idle = DMABufferStack(capacity: 256)
    for _ in 0..<256 { idle.push(try bench.memory.allocate(byteCount: 16)) }
    var total = 0
    var publications = 0
    while total < 70_400 {
      let count = Int.random(in: 1...256, using: &generator)
      for number in 0..<count {
        guard let buffer = idle.pop() else { break }
        if case .refused(let reason, _) = bench.queue.submit(buffer, deviceWrites: true, tag: UInt16(number)) {
          Issue.record("\(reason.words)")
        }
      }
      bench.queue.publish()
      publications += 1
      // The device acts on notifications only: whatever was missed is still out.
      var tags: [UInt16] = []
      while let completion = bench.queue.complete() {
        tags.append(completion.tag)
        idle.push(completion.takeBuffer())
      }
      if tags != (0..<count).map(UInt16.init) {
        Issue.record("\(tags.count) of \(count) requests came back after \(total)")
        break
      }
      total += count
    }
    #expect(total >= 70_400)
    #expect(bench.device.notifications.count == publications)
    #expect(bench.device.emptyNotificationCount == 0)
    #expect(bench.queue.indices.available == UInt16(truncatingIfNeeded: total))
    #expect(bench.queue.indices.used == UInt16(truncatingIfNeeded: total))
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test(arguments: [1, 2, 256, 32768] as [UInt32], [FeatureSet(), .eventIndex])
  func indices_acrossTheirEnds_goOn(size: UInt32, features: FeatureSet) throws {
    // The 16-bit index wraps at 65 536, the driver's own count at 2^32.
    for start in [65_530, 0xffff_fffa] as [UInt32] {
      var bench = try PlainBench(size: size, features: features)
      try bench.startCounting(at: start)
      bench.device.setManual(false)
      for number in 0..<40 as Range<UInt16> {
        _ = try bench.submit(tag: number)
        bench.queue.publish()
        #expect(bench.tagsOfCompletions() == [number])
      }
      // And a whole ring at once.
      if size <= 256 {
        for number in 0..<UInt16(size) { _ = try bench.submit(tag: number) }
        bench.queue.publish()
        #expect(bench.tagsOfCompletions() == (0..<UInt16(size)).map { $0 })
      }
      #expect(bench.queue.indices.used == bench.queue.indices.available)
      #expect(bench.device.notifications.count == (size <= 256 ? 41 : 40))
      #expect(bench.device.violations == [])
      bench.reset()
      #expect(bench.memory.buffersLost == 0)
    }
  }

  @Test func largestQueue_full_comesBackWhole() throws {
    var bench = try PlainBench(size: 32768, QueueOptions(maximumSize: 32768), features: .eventIndex)
    var idle = DMABufferStack(capacity: 1)
    idle.push(try bench.memory.allocate(byteCount: 1))
    #expect(bench.queue.capacity == 32768)
    try bench.startCounting(at: 40_000)
    // Chains without buffers of their own would need a header; so 300 at a time, across the wrap.
    bench.device.setManual(false)
    for round in 0..<110 {
      for number in 0..<300 { _ = try bench.submit(1, tag: UInt16(number + round)) }
      bench.queue.publish()
      #expect(bench.tagsOfCompletions() == (0..<300).map { UInt16($0 + round) })
    }
    #expect(bench.device.violations == [])
    bench.reset()
  }
}
