import DeviceManager
import DevicePlatform
import DeviceTraits
import StandardDrivers
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// A network card as the trait shows it: waiting, checksums, counters.
@Suite struct NetworkInterfaceTests {
  /// A card behind MMIO, and what happens while somebody waits for it.
  private final class Machine {
    let heap = DeviceHeap()
    let memory: TestMemory
    let model: NetworkModel
    let manager = DeviceManager(log: LineLog())
    var onWait: () -> Void = {}
    private(set) var waits = 0

    init(features: FeatureSet = NetworkModel.Bit.all) throws {
      memory = TestMemory(heap: heap)
      model = NetworkModel(features: features, heap: heap)
      let drivers = DriverRegistry<Computer.MMIO>()
      drivers.register(NetworkDriver())
      let waiter = TestWaiter(step: .milliseconds(10)) { [unowned self] in
        waits += 1
        onWait()
      }
      let (device, memory) = (model.device, memory)
      manager.found(
        try TransportPlace(drivers, slot: ConnectedSlot(waiter)) { () throws(TransportError) in
          try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory, location: "mmio")
        })
      manager.startAll()
    }

    var interface: any NetworkDevice { manager.networkDevices[0] }

    /// The device was asked to interrupt when it fills the next receive buffer.
    func isAskedToInterrupt() throws -> Bool {
      let observation = try #require(try manager.observe("net0"))
      let queue = observation.queues[0]
      switch queue.suppression {
      case .events(let used, _): return used == queue.state.usedIndex
      case .flags(let off, _): return !off
      }
    }

    func send(_ byteCount: Int, _ checksum: FrameChecksum = .unknown, _ bytes: [UInt8] = []) throws -> NetworkError? {
      var frame = try interface.makeFrame(byteCount: byteCount)
      for (index, byte) in bytes.enumerated() { frame[index] = byte }
      frame.checksum = checksum
      guard let refused = interface.send(frame) else { return nil }
      let error = refused.error
      interface.recycle(refused.takeFrame())
      return error
    }
  }

  // MARK: Waiting

  @Test(arguments: [NetworkModel.Bit.all, NetworkModel.Bit.all.subtracting(FeatureSet(bit: 29))])
  func armedInterface_asksForAnInterruptUntilSomebodyLooks(_ features: FeatureSet) throws {
    let machine = try Machine(features: features)
    // An event index is at the first buffer until somebody asks for another.
    let hasEvents = features.contains(FeatureSet(bit: 29))
    #expect(try machine.isAskedToInterrupt() == hasEvents)
    #expect(machine.interface.arm() == false)
    #expect(try machine.isAskedToInterrupt())
    // A frame that came in before the device could know.
    machine.model.deliver([UInt8](repeating: 7, count: 60))
    #expect(machine.interface.arm() == true)
    guard let frame = machine.interface.receive() else {
      Issue.record("no frame")
      return
    }
    machine.interface.recycle(frame)
    #expect(try !machine.isAskedToInterrupt())
    #expect(machine.model.device.violations == [])
  }

  @Test func wait_isTheMachinesForThisCard() throws {
    let machine = try Machine()
    let before = machine.waits
    machine.onWait = { [unowned machine] in machine.model.deliver([UInt8](repeating: 7, count: 60)) }
    #expect(machine.interface.arm() == false)
    machine.interface.wait(until: MonotonicTime(nanoseconds: .max))
    #expect(machine.waits == before + 1)
    #expect(machine.interface.arm() == true)
  }

  // MARK: Checksums

  @Test func devicesWords_areToldApart() throws {
    let machine = try Machine()
    let frame = (0..<60).map { UInt8($0) }
    machine.model.deliver(frame)
    machine.model.deliver(frame, flags: 2, csumStart: 34, csumOffset: 6)
    machine.model.deliver(frame, flags: 1, csumStart: 34, csumOffset: 6)
    // Unfinished, whatever else it is said to be.
    machine.model.deliver(frame, flags: 3, csumStart: 14, csumOffset: 16)
    var found: [FrameChecksum] = []
    while let frame = machine.interface.receive() {
      found.append(frame.checksum)
      machine.interface.recycle(frame)
    }
    #expect(
      found == [.unknown, .verified, .unfinished(start: 34, offset: 6), .unfinished(start: 14, offset: 16)])
  }

  /// Without the feature the same flags say nothing.
  @Test func flagsWithoutTheFeature_sayNothing() throws {
    let machine = try Machine(features: NetworkModel.Bit.all.subtracting(NetworkModel.Bit.guestCsum))
    for flags: UInt8 in 1...3 {
      machine.model.deliver([UInt8](repeating: 0, count: 60), flags: flags, csumStart: 34, csumOffset: 6)
    }
    var count = 0
    while let frame = machine.interface.receive() {
      #expect(frame.checksum == .unknown)
      machine.interface.recycle(frame)
      count += 1
    }
    #expect(count == 3)
  }

  /// Sent on, an unfinished checksum is finished: by the device that does so, or else by the driver.
  @Test func unfinishedFrame_sentOn_isFinishedByEither() throws {
    // Four bytes to sum after the start, of which two are the field with the pseudo header's sum in it.
    var bytes = [UInt8](repeating: 0, count: 38)
    bytes.replaceSubrange(34..<38, with: [0x12, 0x34, 0x01, 0x02])
    for finishes in [true, false] {
      let machine = try Machine(
        features: finishes ? NetworkModel.Bit.all : NetworkModel.Bit.all.subtracting(NetworkModel.Bit.csum))
      machine.model.deliver(bytes, flags: 1, csumStart: 34, csumOffset: 2)
      guard let frame = machine.interface.receive() else {
        Issue.record("no frame")
        return
      }
      #expect(frame.checksum == .unfinished(start: 34, offset: 2))
      if machine.interface.send(frame) != nil { Issue.record("refused") }
      machine.interface.publish()
      let sent = try #require(machine.model.sent.first)
      #expect(sent.header[0] == (finishes ? 1 : 0))
      // ~(0x1234 + 0x0102)
      #expect(Array(sent.frame[34..<38]) == (finishes ? [0x12, 0x34, 0x01, 0x02] : [0x12, 0x34, 0xec, 0xc9]))
      #expect(machine.model.device.violations == [])
    }
  }

  /// A frame that was refused is as it was.
  @Test func checksumOutsideTheFrame_isRefused() throws {
    let machine = try Machine()
    var frame = try machine.interface.makeFrame(byteCount: 60)
    frame.checksum = .unfinished(start: 58, offset: 1)
    guard let refused = machine.interface.send(frame) else {
      Issue.record("taken")
      return
    }
    let back = refused.takeFrame()
    #expect(back.checksum == .unfinished(start: 58, offset: 1) && back.byteCount == 60)
  }

  // MARK: Counters

  @Test func everyFrame_isSomewhere() throws {
    let machine = try Machine()
    var expected = machine.interface.counters
    #expect(expected.addUp && expected.buffersOffered == 16 && expected.framesTaken == 0)

    // In: two of use; one too short, one with a checksum outside, two with what nobody agreed on.
    machine.model.deliver([UInt8](repeating: 1, count: 60))
    machine.model.deliver([UInt8](repeating: 1, count: 13))
    machine.model.deliver([UInt8](repeating: 1, count: 60), flags: 1, csumStart: 59, csumOffset: 1)
    for _ in 0..<2 { machine.model.deliver([UInt8](repeating: 1, count: 60), gsoType: 1) }
    machine.model.deliver([UInt8](repeating: 1, count: 1000))
    var held: NetworkFrame? = machine.interface.receive()
    while let frame = machine.interface.receive() { machine.interface.recycle(frame) }
    // Out: three that leave, one that stays, one that is refused.
    for size in [14, 60, 1514] { #expect(try machine.send(size) == nil) }
    machine.interface.publish()
    machine.interface.publish()
    machine.model.device.setManual(true, queue: 1)
    #expect(try machine.send(100) == nil)
    #expect(try machine.send(60, .unfinished(start: 60, offset: 0)) != nil)
    machine.interface.publish()

    let counters = machine.interface.counters
    #expect(counters.addUp)
    expected.framesReceived = 2
    expected.bytesReceived = 1060
    expected.drops = [
      FrameDrops(reason: "shorter than an Ethernet header", count: 1),
      FrameDrops(reason: "a checksum outside the frame", count: 1),
      FrameDrops(reason: "an offload that was not agreed on", count: 2),
    ]
    // The four that were dropped, the one that was given back, and that of a frame that left, in the place of the one
    // that the owner keeps.
    expected.buffersOffered = 16 + 6
    expected.buffersWaiting = 16
    expected.framesTaken = 4
    expected.bytesTaken = 14 + 60 + 1514 + 100
    expected.framesSent = 3
    expected.framesInFlight = 1
    expected.framesRefused = 1
    #expect(counters == expected)
    if let frame = held.take() { machine.interface.recycle(frame) }
  }

  /// What a device kept when it was reset was not sent.
  @Test func framesOfAResetDevice_countAsUnsent() throws {
    let machine = try Machine()
    machine.model.device.setManual(true, queue: 1)
    let interface = machine.interface
    #expect(try machine.send(60) == nil)
    interface.publish()
    try machine.manager.release("net0")
    let counters = interface.counters
    #expect(counters.framesUnsent == 1 && counters.framesInFlight == 0 && counters.addUp)
  }

  /// A sum that can be wrong: the control of the tests above.
  @Test func countersWithAFrameMissing_doNotAddUp() {
    var counters = InterfaceCounters()
    #expect(counters.addUp)
    counters.framesTaken = 1
    #expect(!counters.addUp)
    counters.framesUnsent = 1
    #expect(counters.addUp)
    counters.buffersOffered = 2
    counters.drops = [FrameDrops(reason: "short", count: 1)]
    #expect(!counters.addUp)
    counters.framesReceived = 1
    #expect(counters.addUp)
  }
}

/// A place whose device interrupts, and is waited for with a waiter of the test's.
private final class ConnectedSlot: DeviceSlot {
  private let waiter: TestWaiter
  init(_ waiter: TestWaiter) { self.waiter = waiter }
  var polling: DeviceWaiter { DeviceWaiter(WaiterSource(TestWaiter(step: .milliseconds(10)))) }
  var waitingWords: String { "interrupts" }
  var interrupts: InterruptObservation?
  func connect(_ handle: InterruptHandle<AnyInterruptSource>, name: String) -> DeviceWaiter? {
    DeviceWaiter(WaiterSource(waiter))
  }
  func isWorthAnotherTry(after error: BringupError) -> Bool { false }
  func release() {}
}
