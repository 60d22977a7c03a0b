import DeviceManager
import DevicePlatform
import DeviceTraits
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>

/// A machine of scripted devices behind MMIO windows, and its manager.
final class TestMachine {
  let heap = DeviceHeap()
  let memory: TestMemory
  let log = LineLog()
  let drivers = DriverRegistry<Bus>()
  let manager: DeviceManager
  /// What drivers did, in order.
  let events = LineLog()
  private var slots: [String: TestSlot] = [:]

  init() {
    memory = TestMemory(heap: heap)
    manager = DeviceManager(log: log)
  }

  func makeDevice(_ type: DeviceType) -> ScriptedDevice { ScriptedDevice(type: type, queueSizes: [8], heap: heap) }

  /// Tells the manager of a device; nil when its registers could not be used.
  @discardableResult
  func attach(_ device: ScriptedDevice, at location: String) -> Bool {
    let slot = TestSlot()
    slots[location] = slot
    do throws(TransportError) {
      return manager.found(
        try TransportPlace(drivers, slot: slot) { [memory] () throws(TransportError) in
          slot.openCount += 1
          return try MMIOTransport(
            registers: ScriptedMMIORegisters(device: device), memory: memory, location: location)
        })
    } catch {
      log.log("\(location): \(error.words)")
      return false
    }
  }

  func slot(_ location: String) -> TestSlot { slots[location] ?? TestSlot() }

  func driver(
    _ name: String, _ type: DeviceType, _ naming: DeviceNaming, priority: DriverPriority = .usual,
    failsWith error: BringupError? = nil
  ) -> TestDriver {
    TestDriver(name: name, type: type, naming: naming, priority: priority, error: error, events: events)
  }
}

/// Keeps lines.
final class LineLog: LogSink {
  private(set) var lines: [String] = []
  func log(_ line: String) { lines.append(line) }
}

/// A place that polls, and tries again as often as it is told to say so.
final class TestSlot: DeviceSlot {
  var openCount = 0
  var triesLeft = 0
  private(set) var releaseCount = 0
  /// Has interrupts connected, so that they arrive in this mailbox.
  private(set) var mailbox: EventMailbox?

  var polling: DeviceWaiter { DeviceWaiter(WaiterSource(TestWaiter(step: .milliseconds(100)))) }
  var waitingWords: String { "polled" }
  var interrupts: InterruptObservation?

  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? {
    mailbox = handle.mailbox
    return nil
  }

  func isWorthAnotherTry(after error: BringupError) -> Bool {
    triesLeft -= 1
    return triesLeft >= 0
  }

  func release() { releaseCount += 1 }
}

/// A driver written outside the manager: brings queue 0 up, and leaves it at that.
struct TestDriver: DeviceDriver {
  let name: String
  let type: DeviceType
  let naming: DeviceNaming
  let priority: DriverPriority
  let error: BringupError?
  let events: LineLog

  func matches(_ device: DeviceIdentification) -> Bool { device.type == type }

  func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named deviceName: String
  ) throws(BringupError) -> any DrivenDevice {
    events.log("\(name) starts \(deviceName)")
    if let error { throw error }
    var waiter = slot.polling
    var transport = transport
    let queue = try transport.bringUp(
      as: type, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    return TestDevice(transport, queue, waiter)
  }
}

final class TestDevice<T: Transport & ~Copyable>: DrivenDevice {
  private var transport: T
  private var queue: Virtqueue<T>
  private var waiter: DeviceWaiter

  init(_ transport: consuming T, _ queue: consuming Virtqueue<T>, _ waiter: DeviceWaiter) {
    self.transport = transport
    self.queue = queue
    self.waiter = waiter
  }

  var role: DeviceRole { .other("test") }
  var location: String { transport.location }

  func shutDown() -> String? {
    do throws(BringupError) {
      queue.deviceWasReset(try transport.reset(waiter: &waiter, timeout: .seconds(1)))
      return nil
    } catch {
      return error.words
    }
  }

  func deviceWasRemoved(_ removal: DeviceRemoval) { queue.deviceWasRemoved(removal) }
}
