import DevicePlatform
import Testing

@testable import VirtIO
@testable import VirtIOTestSupport

/// When the bell is rung, and with which register accesses.
struct NotificationTests {
  /// Sixteen-bit positions that a publication from `old` to `new` covers, counted out one by one.
  private func covers(_ event: UInt16, _ old: UInt16, _ count: UInt32) -> Bool {
    (0..<count).contains { old &+ UInt16(truncatingIfNeeded: $0) == event }
  }

  // SPEC: drivernormative:... / Available Buffer Notification Suppression 5
  @Test(arguments: [0, 1, 2, 32_766, 32_767, 32_768, 32_769, 65_533, 65_534, 65_535] as [UInt32])
  func publish_withEventIndex_ringsExactlyWhenTheEventIsCovered(start: UInt32) throws {
    var bench = try PlainBench(size: 32768, features: .eventIndex)
    bench.device.hostility.ignoresNotifications = true
    for count in [1, 2, 3, 127, 32_767, 32_768] as [UInt32] {
      let old = UInt16(truncatingIfNeeded: start)
      let new = old &+ UInt16(truncatingIfNeeded: count)
      var events: [UInt16] = [0, 1, 32_767, 32_768, 65_535]
      for distance in 0...3 as ClosedRange<UInt16> {
        events += [old &+ distance, old &- distance, new &+ distance, new &- distance]
      }
      for event in events {
        // As after so many submissions; what the descriptors say is of no matter here.
        bench.queue.published = start
        bench.queue.next = start &+ count
        bench.queue.lastUsed = start
        try bench.writeAvailableEvent(event)
        let before = bench.device.notifications.count
        bench.queue.publish()
        let rings = bench.device.notifications.count - before
        #expect(rings == (covers(event, old, count) ? 1 : 0), "old \(old), new \(new), event \(event)")
      }
    }
    bench.queue.lastUsed = bench.queue.published
    bench.reset()
  }

  @Test func publish_ofAnySize_isOneRegisterStore() throws {
    var bench = try PlainBench(size: 8)
    for count in [1, 5] {
      for _ in 0..<count { _ = try bench.submit() }
      bench.device.trace.clear()
      bench.device.trace.isOn = true
      bench.queue.publish()
      bench.device.trace.isOn = false
      #expect(bench.device.trace.text == "store32 0x050 <- 0x0")
    }
    #expect(bench.queue.counters.notifications == 2)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test(arguments: [FeatureSet(), .eventIndex])
  func publish_nothingNew_isNoAccess(features: FeatureSet) throws {
    var bench = try PlainBench(features: features)
    bench.device.trace.clear()
    bench.device.trace.isOn = true
    bench.queue.publish()
    _ = try bench.submit()
    bench.queue.publish()
    bench.queue.publish()
    #expect(bench.device.trace.text == "store32 0x050 <- 0x0")
    bench.reset()
  }

  @Test(arguments: [FeatureSet(), .eventIndex])
  func submit_alone_neitherNotifiesNorShows(features: FeatureSet) throws {
    var bench = try PlainBench(features: features)
    bench.device.trace.clear()
    bench.device.trace.isOn = true
    _ = try bench.submit()
    #expect(bench.device.trace.text == "")
    #expect(bench.device.poll() == 0)
    bench.queue.publish()
    #expect(bench.device.pending().count == 1)
    bench.reset()
  }

  // SPEC: drivernormative:... / Available Buffer Notification Suppression 3, 5
  @Test(arguments: [FeatureSet(), .eventIndex])
  func publish_deviceWantsNone_isSilentUntilItDoes(features: FeatureSet) throws {
    var bench = try PlainBench(features: features)
    bench.device.setWantsNotifications(false)
    for _ in 0..<3 {
      _ = try bench.submit()
      bench.queue.publish()
    }
    #expect(bench.device.notifications.isEmpty)
    #expect(bench.queue.counters.notifications == 0)
    #expect(bench.device.poll() == 3)
    bench.device.setWantsNotifications(true)
    _ = try bench.submit()
    bench.queue.publish()
    #expect(bench.device.notifications == [0])
    #expect(bench.device.pending().count == 4)
    #expect(bench.device.violations == [])
    bench.reset()
  }

  // SPEC: drivernormative:... / Used Buffer Notification Suppression 1
  @Test(arguments: [FeatureSet(), .eventIndex])
  func arm_thenCompletion_interruptsOnce(features: FeatureSet) throws {
    var bench = try PlainBench(features: features)
    for _ in 0..<4 { _ = try bench.submit() }
    bench.queue.publish()
    bench.queue.disarm()
    // With EVENT_IDX the first event is still wanted; it passes here.
    bench.device.complete()
    _ = bench.tagsOfCompletions()
    let before = bench.device.interruptCount
    let isReadyEarly = bench.queue.arm()
    #expect(!isReadyEarly)
    bench.device.complete()
    #expect(bench.device.interruptCount == before + 1)
    // It is there: whoever arms now must look first.
    let isReady = bench.queue.arm()
    #expect(isReady)
    bench.queue.disarm()
    let after = bench.device.interruptCount
    bench.device.complete()
    bench.device.complete()
    #expect(bench.device.interruptCount == (features.isEmpty ? after : bench.device.interruptCount))
    #expect(bench.device.violations == [])
    bench.reset()
  }

  @Test func arm_failedQueue_promisesNothing() throws {
    var bench = try PlainBench()
    bench.device.jumpUsedIndex(by: 3)
    let isOver = bench.queue.complete() == nil
    #expect(isOver)
    #expect(bench.queue.fault != nil)
    // A loop of "look until arm says no" must end.
    let isReady = bench.queue.arm()
    #expect(!isReady)
    bench.reset()
  }
}

extension QueueBench {
  /// What the device writes to say when it wants to be notified.
  func writeAvailableEvent(_ event: UInt16) throws {
    let bytes = [UInt8(truncatingIfNeeded: event), UInt8(truncatingIfNeeded: event >> 8)]
    try heap.write(bytes[...], at: queue.areas.device.rawValue + 4 + 8 * UInt64(queue.size))
  }
}
