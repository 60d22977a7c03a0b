public import DevicePlatform
public import VirtIO
public import VirtIOTestSupport

/// One life of a driver with a hostile device, and then another one with the same device, which behaves.
public final class HostileSession {
  /// The device.
  public let hostile: HostileDevice
  /// Where the driver's memory comes from.
  public let memory: ObservedMemory
  private let watch: ResetWatch
  private var mayLose = false
  /// Queues of which the driver was told that the device has let go; by their descriptors.
  private var given: Set<UInt64> = []

  init(_ hostile: HostileDevice, _ memory: ObservedMemory, _ watch: ResetWatch) {
    self.hostile = hostile
    self.memory = memory
    self.watch = watch
  }

  /// What the driver's caller decides by.
  public var decisions: Decisions { hostile.adversary.decisions }

  /// Waits in steps of 400 ms, in each of which the device may act.
  public var waiter: TestWaiter {
    TestWaiter(
      step: .milliseconds(400), limit: .max, onWait: { [adversary = hostile.adversary] in adversary.act() })
  }

  /// Notes something that must not be.
  public func report(_ finding: String) { hostile.adversary.report(finding) }

  /// What follows from a bring-up that failed: the device was told of memory, and was never asked for a reset.
  public func bringUpFailed() { mayLose = true }

  /// The next decisions, one call of the driver for each, 400 at most.
  public func forEachCall(_ body: (UInt8) -> Void) {
    var calls = 0
    while let choice = decisions.next(), calls < 400 {
      calls += 1
      body(choice)
    }
  }

  /// Lets the kernel call `handle` at interrupts, which come whenever the device likes.
  public func serveInterrupts<Source>(_ handle: InterruptHandle<Source>) {
    hostile.onInterrupt = { handle.handleInterrupt() }
  }

  /// What a device may still use is not free.
  private func checkQueues() {
    for index in 0..<hostile.device.queueCount {
      guard let memory = hostile.device.memory(ofQueue: index), !memory.isShared else { continue }
      if !given.contains(memory.descriptorArea) { report("queue \(index) is free, and the device was not reset") }
    }
  }

  func run<Driver: HostileDriver, T: Transport & ~Copyable>(_ driver: Driver, _ open: () -> T?) {
    watch.onComplete = { [unowned self] in
      for index in 0..<hostile.device.queueCount {
        if let memory = hostile.device.memory(ofQueue: index) { given.insert(memory.descriptorArea) }
      }
    }
    if let transport = open() { driver.live(transport, self) }
    hostile.onInterrupt = {}
    watch.onComplete = {}
    checkQueues()
    let lost = memory.buffersLost
    if memory.buffersInUse != lost { report("\(memory.buffersInUse) buffers in use, \(lost) of them lost") }
    if lost != 0, watch.isComplete, !mayLose { report("\(lost) buffers lost, although the reset was complete") }
    if hostile.adversary.isHung { return }
    // A reset by a device that behaves brings everything back into order.
    hostile.behave()
    guard let again = open() else { return report("no transport after the device came to its senses") }
    do {
      try driver.serve(again, self)
    } catch BringupError.queueTooSmall {
      // Nobody's fault; and the device was told of queues before it.
      return
    } catch { report("no service after a reset: \(error)") }
    if memory.buffersInUse != lost { report("the second life left \(memory.buffersInUse - lost) buffers") }
  }
}
