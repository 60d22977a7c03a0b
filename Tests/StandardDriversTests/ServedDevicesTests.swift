import DeviceManager
import DevicePlatform
import DeviceTraits
import StandardDrivers
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// What devices tell by themselves, and who takes it when.
@Suite struct ServedDevicesTests {
  private static let multiport = FeatureSet(bit: 1)

  /// One device behind MMIO, waited for as the test wants it.
  private func start(_ device: ScriptedDevice, _ memory: TestMemory, _ waiter: TestWaiter) throws -> DeviceManager {
    device.trace.isOn = false
    let manager = DeviceManager(log: LineLog())
    let drivers = DriverRegistry<Computer.MMIO>()
    drivers.registerStandardDrivers()
    manager.found(
      try TransportPlace(drivers, slot: WaitingSlot(waiter)) { () throws(TransportError) in
        try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory, location: "mmio")
      })
    manager.startAll()
    return manager
  }

  /// The first write comes before the device has told of its port.
  @Test func writeBeforeThePort_waitsForIt() throws {
    let heap = DeviceHeap()
    let model = ConsoleModel(ports: [0: .init(isConsole: true)])
    model.announces = false
    let device = model.makeDevice(features: Self.multiport, heap: heap)
    var waits = 0
    let waiter = TestWaiter(step: .milliseconds(10)) {
      waits += 1
      if waits == 3 { model.tell(0, 1, 0, [], device) }
      if waits == 5 { model.tell(0, 4, 1, [], device) }
    }
    let manager = try start(device, TestMemory(heap: heap), waiter)
    try manager.consoleDevices[0].write(Array("early".utf8).span)
    #expect(model.ports[0]?.received == Array("early".utf8))
    #expect(waits == 5)
    #expect(device.violations == [])
  }

  /// A log that goes to such a console must not wait at each line.
  @Test func deviceWithoutTextPort_keepsOnlyTheFirstWriteWaiting() throws {
    let heap = DeviceHeap()
    let model = ConsoleModel(ports: [1: .init(name: "org.vireo.other")])
    let device = model.makeDevice(features: Self.multiport, heap: heap)
    let waiter = TestWaiter(step: .milliseconds(10))
    let manager = try start(device, TestMemory(heap: heap), waiter)
    let console = manager.consoleDevices[0]
    #expect(throws: ConsoleFailure.self) { try console.write([65].span) }
    let waited = waiter.now
    #expect(waited.nanoseconds >= 1_000_000_000)
    #expect(throws: ConsoleFailure.self) { try console.write([65].span) }
    #expect(waiter.now == waited)
  }

  /// A port that is told of and answered without anybody writing; and no message to the device is left lying.
  @Test func servedConsole_knowsItsPort_andIsHealthy() throws {
    let heap = DeviceHeap()
    let model = ConsoleModel(ports: [0: .init(isConsole: true)])
    let device = model.makeDevice(features: Self.multiport, heap: heap)
    let manager = try start(device, TestMemory(heap: heap), TestWaiter(step: .milliseconds(10)))
    // One round to hear of the port, one to hear what it is, one to tell that it is open.
    for _ in 0..<3 { manager.serveAll() }
    #expect(model.messages.last == ConsoleModel.Message(0, 6, 1))
    manager.serveAll()
    #expect(try manager.diagnose("console0")?.isHealthy == true)
  }

  /// Without queues, whatever they are doing; a device without the register says so.
  @Test func emergencyWrite_goesByTheRegister() throws {
    for offers in [true, false] {
      let heap = DeviceHeap()
      let model = ConsoleModel()
      let device = model.makeDevice(features: offers ? FeatureSet(bit: 2) : [], heap: heap)
      let manager = try start(device, TestMemory(heap: heap), TestWaiter(step: .milliseconds(10)))
      #expect(manager.consoleDevices[0].writeInEmergency(33) == offers)
      #expect(model.emergency == (offers ? [33] : []))
    }
  }

  /// Frames that have left lie in the queue until somebody looks: with `serveAll`, not only with the next frame.
  @Test func servedInterface_takesBackWhatHasLeft() throws {
    let heap = DeviceHeap()
    let model = NetworkModel(heap: heap)
    let manager = try start(model.device, TestMemory(heap: heap), TestWaiter(step: .milliseconds(10)))
    let interface = manager.networkDevices[0]
    model.device.setManual(true, queue: 1)
    if interface.send(try interface.makeFrame(byteCount: 60)) != nil { Issue.record("refused") }
    interface.publish()
    model.device.poll(queue: 1)
    model.device.complete(queue: 1, with: ScriptedReply())
    guard case .nobodyLooks(queue: 1, count: 1)? = try manager.diagnose("net0") else {
      Issue.record("found \(String(describing: try manager.diagnose("net0")))")
      return
    }
    manager.serveAll()
    #expect(try manager.diagnose("net0")?.isHealthy == true)
  }
}

/// A place whose device is waited for with a waiter of the test's.
private final class WaitingSlot: DeviceSlot {
  private let waiter: TestWaiter
  init(_ waiter: TestWaiter) { self.waiter = waiter }
  var polling: DeviceWaiter { DeviceWaiter(WaiterSource(waiter)) }
  var waitingWords: String { "polled" }
  var interrupts: InterruptObservation?
  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? { nil }
  func isWorthAnotherTry(after error: BringupError) -> Bool { false }
  func release() {}
}
