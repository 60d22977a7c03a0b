import DevicePlatform
import Testing
import VirtIO
import VirtIOEntropy
import VirtIOMMIO
import VirtIOTestSupport

/// Interrupts of a source, and a source that is pulled out.
struct InterruptTests {
  private typealias Source = EntropySource<EntropySourceTests.Bus>

  private func start(_ source: inout Source, _ count: Int, _ bench: EntropySourceTests.Bench) throws {
    for _ in 0..<count {
      if case .refused(let refusal, _) = source.start(into: try bench.memory.allocate(byteCount: 8)) { throw refusal }
    }
    source.publish()
  }

  /// How many requests are over.
  private func take(_ source: inout Source) -> Int {
    var count = 0
    while source.complete() != nil { count += 1 }
    return count
  }

  @Test(arguments: [FeatureSet(), .eventIndex])
  func requests_armed_interruptOnceAndReachTheMailbox(features: FeatureSet) throws {
    let bench = EntropySourceTests.Bench(features: features)
    var source = try bench.bringUp()
    let handle = source.makeInterruptHandle()
    bench.device.onInterrupt = { handle.handleInterrupt() }
    #expect(source.location == "mmio" && !source.isLegacy && source.status.contains(.driverOK))
    bench.device.setManual(true)
    // With EVENT_IDX a ring begins with the wish for an interrupt.
    try start(&source, 1, bench)
    bench.device.completeAll()
    var done = take(&source)
    _ = source.mailbox.take()
    try start(&source, 3, bench)
    #expect(source.arm() == false && source.mailbox.isEmpty)
    bench.device.completeAll()
    #expect(source.mailbox.take() == .usedBuffers)
    // Something is there already: nobody may sleep now.
    #expect(source.arm() == true)
    done += take(&source)
    source.disarm()
    try start(&source, 1, bench)
    bench.device.completeAll()
    #expect(source.mailbox.isEmpty)
    done += take(&source)
    #expect(done == 5 && bench.device.violations == [])
  }

  @Test func requests_armedForTheThird_interruptThen() throws {
    let bench = EntropySourceTests.Bench(features: [.eventIndex])
    var source = try bench.bringUp()
    let handle = source.makeInterruptHandle()
    bench.device.onInterrupt = { handle.handleInterrupt() }
    bench.device.setManual(true)
    try start(&source, 1, bench)
    bench.device.completeAll()
    let first = take(&source)
    _ = source.mailbox.take()
    try start(&source, 3, bench)
    #expect(first == 1 && source.arm(after: 3) == false)
    bench.device.poll()
    for _ in 0..<2 { bench.device.complete(at: 0) }
    #expect(source.mailbox.isEmpty)
    bench.device.complete(at: 0)
    #expect(source.mailbox.take() == .usedBuffers)
  }

  @Test func source_thatIsPulledOut_isTypedAndGivesEverythingBack() throws {
    let bench = EntropySourceTests.Bench()
    do {
      var source = try bench.bringUp()
      bench.device.hostility.ignoresNotifications = true
      bench.device.hostility.isAbsent = true
      try start(&source, 2, bench)
      var waiter = TestWaiter(step: .milliseconds(100))
      var error: EntropyError?
      do throws(EntropyError) { _ = try source.bytes(8, waiter: &waiter) } catch let caught { error = caught }
      #expect(error == .deviceAbsent)
      var sourceGone = take(&source)
      #expect(sourceGone == 0)
      source.deviceWasRemoved(unsafe DeviceRemoval())
      sourceGone = take(&source)
      // The copying form's buffer is nobody's.
      #expect(sourceGone == 2)
    }
    #expect(bench.memory.buffersInUse == 0 && bench.memory.buffersLost == 0)
  }
}
