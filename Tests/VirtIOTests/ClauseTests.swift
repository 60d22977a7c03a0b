import Testing
import VirtIO
import VirtIOMMIO
import VirtqueueStorage

@testable import DevicePlatform
@testable import VirtIOTestSupport

/// Clauses of bring-up and of the split virtqueue that no other test is about.
struct ClauseTests {
  // SPEC: drivernormative:... / Device Status Field 3
  @Test(arguments: [false, true])
  func bringUp_afterFAILED_beginsWithAReset(isLegacy: Bool) throws {
    let attempt = BringupTests.Attempt(isLegacy: isLegacy)
    var waiter = TestWaiter()
    let first = try attempt.bringUp(
      DriverFeatures(wanted: [], required: FeatureSet(bit: 7)), waiter: &waiter)
    #expect(first == .featuresMissing(FeatureSet(bit: 7)))
    #expect(attempt.device.status.contains(.failed))
    let before = attempt.statusWrites.count
    let second = try attempt.bringUp(waiter: &waiter)
    #expect(second == nil)
    #expect(attempt.statusWrites.dropFirst(before).first == 0)
    #expect(attempt.device.violations == [])
  }

  // SPEC: sec:... / Legacy Interface: Reserved Feature Bits 3
  @Test(arguments: [false, true])
  func anyLayout_offered_isAcceptedOfALegacyDeviceOnly(isLegacy: Bool) throws {
    let attempt = BringupTests.Attempt(features: .anyLayout, isLegacy: isLegacy)
    var waiter = TestWaiter()
    let error = try attempt.bringUp(DriverFeatures(wanted: .anyLayout), waiter: &waiter)
    #expect(error == nil)
    #expect(attempt.device.settledFeatures == (isLegacy ? .anyLayout : .version1))
    let other = BringupTests.Attempt(isLegacy: isLegacy)
    _ = try other.bringUp(waiter: &waiter)
    #expect(!other.device.settledFeatures.contains(.anyLayout))
  }

  /// A queue in memory that was used before, as the caller's own may be.
  // SPEC: drivernormative:... / Available Buffer Notification Suppression 1
  @Test func newQueue_inDirtyMemory_hasBothRingsZeroed() throws {
    let heap = DeviceHeap()
    let device = ScriptedDevice(type: .console, queueSizes: [8], heap: heap)
    let memory = TestMemory(heap: heap)
    var transport = try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory)
    var waiter = TestWaiter()
    var queue = try transport.bringUp(
      as: .console, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in
      let layout = try transport.layout(ofQueue: 0, QueueOptions(), features: features)
      var ring: DMABuffer
      do throws(DMAError) {
        ring = try memory.allocate(byteCount: layout.ring.byteCount, alignment: 64, direction: .bidirectional)
      } catch { throw .memory(error) }
      for offset in 0..<ring.count { ring[offset] = 0xa5 }
      let own = QueueMemory(
        ringLayout: layout.ring, slotLayout: layout.slot, ring: ring, blocks: DMABuffer(),
        tables: TableMemory(ringSize: layout.ring.size))
      return try transport.makeQueue(0, QueueOptions(), features: features, memory: own)
    }
    let areas = queue.areas
    #expect(try heap.read(areas.driver.rawValue, byteCount: 22).allSatisfy { $0 == 0 })
    #expect(try heap.read(areas.device.rawValue, byteCount: 70).allSatisfy { $0 == 0 })
    if let reset = transport.reset(attempts: 3) { queue.deviceWasReset(reset) }
  }

  // SPEC: drivernormative:... / Available Buffer Notification Suppression 2, 3
  @Test(arguments: [0, 1, 2, 7, 0x8000, 0xffff] as [UInt16])
  func publish_withoutEventIndex_ignoresTheEvent(event: UInt16) throws {
    var bench = try PlainBench(features: [])
    for count in 1...3 {
      try bench.writeAvailableEvent(event)
      _ = try bench.submit()
      bench.queue.publish()
      #expect(bench.device.notifications.count == count)
    }
    bench.reset()
  }

  // SPEC: drivernormative:... / Available Buffer Notification Suppression 4
  @Test func publish_withEventIndex_ignoresTheFlag() throws {
    var bench = try PlainBench(features: .eventIndex)
    for count in 1...3 {
      bench.device.writeDeviceArea(at: 0, [1, 0])
      _ = try bench.submit()
      bench.queue.publish()
      #expect(bench.device.notifications.count == count)
    }
    bench.reset()
  }

  /// Segments that no test has memory for; nobody touches what they say they are.
  // SPEC: drivernormative:... / Virtqueues / The Virtqueue Descriptor Table 1
  @Test func chain_ofFourGiB_isRefused() throws {
    var bench = try PlainBench(size: 16, blockLike(segments: 2))
    let domain = try bench.memory.allocate(byteCount: 1).domain
    func huge(_ byteCount: UInt32) -> DMABuffer {
      unsafe DMABuffer(
        unsafeAddress: 0x1000, deviceAddress: DeviceAddress(0x1000), byteCount: byteCount, domain: domain)
    }
    // With the header and the status this one is 2^32 bytes and a little; the next is just below.
    switch bench.queue.submit(huge(0xffff_fff0), deviceWrites: true) {
    case .accepted: Issue.record("taken")
    case .refused(let reason, let buffer):
      #expect(reason == .segmentTooLong(byteCount: 0xffff_fff0, limit: 0xffff_ffff - 17))
      buffer.lose()
    }
    var list = SegmentList(capacity: 2)
    list.append(huge(0x8000_0000))
    list.append(huge(0x7fff_ffff))
    switch bench.queue.submit(list, deviceWrites: true) {
    case .accepted: Issue.record("taken")
    case .refused(let reason, let list):
      #expect(reason == .segmentTooLong(byteCount: 0xffff_ffff, limit: .max - 8192))
      list.lose()
    }
    #expect(bench.queue.inFlight == 0)
    bench.reset()
  }
}
