import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// Sleeps like a processor that is halted: until an interrupt that came after the last one it woke up from, else until
/// the deadline.
private struct HaltedProcessor: Waiter {
  let clock = ManualClock()
  let device: ScriptedDevice
  var seenInterrupts: Int
  /// What the device still does while the processor is halted.
  let onHalt: () -> Void

  var now: MonotonicTime { clock.now }

  mutating func wait(until deadline: MonotonicTime) {
    onHalt()
    if device.interruptCount == seenInterrupts { clock.advance(by: deadline - now) }
    seenInterrupts = device.interruptCount
  }
}

/// The lost wake-up: the device finishes between the driver's look and its request for an interrupt, and so sends none.
/// Whenever it finishes, at any of the driver's accesses to shared memory, the driver must not sleep through it.
@Suite struct LostWakeUpTests {
  @Test(arguments: [FeatureSet(), .eventIndex])
  func finishing_atAnyAccessOfWait_isNoticed(features: FeatureSet) throws {
    var moment = 0
    var actedDuringAccess = true
    while actedDuringAccess {
      actedDuringAccess = try finishes(atAccess: moment, features)
      moment += 1
    }
    // A look, the request, a fence and a look at least.
    #expect(moment > 4)
  }

  /// One wait, during which the device finishes just before the driver's access number `moment`.
  ///
  /// - Returns: whether the driver made so many accesses before it halted.
  private func finishes(atAccess moment: Int, _ features: FeatureSet) throws -> Bool {
    let observer = AccessObserver()
    var bench = try QueueBench(observer: observer, features: features)
    let device = bench.device
    bench.queue.disarm()
    // A first request, so that used_event, which starts at 0, asks for nothing any more.
    _ = try bench.submit()
    bench.queue.publish()
    device.completeAll()
    #expect(bench.tagsOfCompletions().count == 1)

    guard let token = try bench.submit() else { return false }
    bench.queue.publish()
    var isFinished = false
    let finish = {
      if !isFinished {
        isFinished = true
        device.completeAll()
      }
    }
    var accesses = 0
    observer.hook = { _, when in
      guard when == .before else { return }
      if accesses == moment { finish() }
      accesses += 1
    }
    var processor = HaltedProcessor(device: device, seenInterrupts: device.interruptCount, onHalt: finish)
    let deadline = processor.now + .seconds(1)
    do {
      _ = try bench.queue.wait(for: token, waiter: &processor, until: deadline)
    } catch {
      Issue.record("the driver slept through a completion at its access \(moment): \(error)")
    }
    #expect(processor.now < deadline)
    observer.hook = nil
    let actedDuringAccess = accesses > moment
    bench.reset()
    return actedDuringAccess
  }
}
