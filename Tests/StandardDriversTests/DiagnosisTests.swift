import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOPCI
import VirtIOTestSupport

/// Each cause of silence, planted behind MMIO and on PCI, and the one sentence that it must lead to.
@Suite struct DiagnosisTests {
  enum Place: CaseIterable { case mmio, pci }

  /// What the driver does before it is looked at.
  enum Work { case nothing, read, submitOnly, publish }

  private let model = BlockModel(sectors: 64)
  private let heap = DeviceHeap()

  private func makeDevice(_ features: FeatureSet = [.eventIndex]) -> ScriptedDevice {
    let device = model.makeDevice(features: features, heap: heap)
    device.trace.isOn = false
    return device
  }

  /// Brings the disk up, has it do some work, spoils something, and looks.
  private func diagnose(
    _ place: Place, _ device: ScriptedDevice, _ work: Work, beforeWork: () -> Void = {},
    spoil: () -> Void = {}, adjust: (inout DeviceObservation) -> Void = { _ in }
  ) throws -> Diagnosis {
    let memory = TestMemory(heap: heap)
    switch place {
    case .mmio:
      return try diagnose(
        try MMIOTransport(registers: ScriptedMMIORegisters(device: device), memory: memory), memory, work, beforeWork,
        spoil, adjust)
    case .pci:
      let bus = PCIBus(access: ScriptedPCIBus(ScriptedPCIFunction(device: device)))
      let function = try #require(bus.function(at: PCIAddress(bus: 0, device: 4)))
      var windows = ResourceWindows([ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000)])
      let placement = bus.place(function, in: &windows)
      return try diagnose(
        try PCITransport(function: function, placement: placement, bus: bus, mapper: bus.access, memory: memory),
        memory, work, beforeWork, spoil, adjust)
    }
  }

  private func diagnose<T: Transport & ~Copyable>(
    _ transport: consuming T, _ memory: TestMemory, _ work: Work, _ beforeWork: () -> Void, _ spoil: () -> Void,
    _ adjust: (inout DeviceObservation) -> Void
  ) throws -> Diagnosis {
    var waiter = TestWaiter(step: .milliseconds(100))
    var disk: BlockDevice<T>
    do throws(BringupError) {
      disk = try BlockDevice(transport, waiter: &waiter)
    } catch {
      return Diagnosis(error)
    }
    beforeWork()
    if work == .read {
      var buffer = try memory.allocate(byteCount: 512)
      try disk.read(sector: 1, into: &buffer, waiter: &waiter)
    }
    if work == .submitOnly || work == .publish {
      guard case .accepted = disk.startRead(sector: 1, into: try memory.allocate(byteCount: 512)) else {
        throw Unexpected()
      }
    }
    if work == .publish { disk.publish() }
    spoil()
    let earlier = disk.observe()
    var now = disk.observe()
    adjust(&now)
    let diagnosis = Diagnosis(now, since: earlier)
    // Looking changes nothing.
    #expect(disk.observe() == earlier)
    return diagnosis
  }

  private struct Unexpected: Error {}

  @Test(arguments: Place.allCases) func nothingWrong_isHealthy(_ place: Place) throws {
    #expect(try diagnose(place, makeDevice(), .nothing) == .healthy(done: 0, underWay: 0))
    #expect(try diagnose(place, makeDevice(), .read) == .healthy(done: 1, underWay: 0))
  }

  /// Says that it is modern, and offers what a device from before version 1 does.
  @Test(arguments: Place.allCases) func legacyDrivenAsModern_isSaid(_ place: Place) throws {
    let device = makeDevice()
    device.offeredFeatures.remove(.version1)
    #expect(try diagnose(place, device, .nothing) == .legacyDrivenAsModern)
  }

  @Test(arguments: Place.allCases) func queueThatStaysDisabled_isSaid(_ place: Place) throws {
    let device = makeDevice()
    device.hostility.queuesStayDisabled = true
    #expect(try diagnose(place, device, .nothing) == .queueNotEnabled(queue: 0))
  }

  /// Reset behind the driver's back: not live any more. Live again without its queues: they are off.
  @Test(arguments: Place.allCases) func deviceThatForgotItsQueues_isSaid(_ place: Place) throws {
    let first = makeDevice()
    #expect(try diagnose(place, first, .read, spoil: { first.forget() }) == .notLive(status: 0))
    // Its features went, too: nobody has changed sides for that.
    let gone = makeDevice()
    let vanish = {
      gone.forget()
      gone.offeredFeatures = []
    }
    #expect(try diagnose(place, gone, .read, spoil: vanish) == .notLive(status: 0))
    let changed = makeDevice()
    let change = { changed.offeredFeatures = [] }
    #expect(try diagnose(place, changed, .read, spoil: change) == .legacyDrivenAsModern)
    let second = makeDevice()
    let live: DeviceStatus = [.acknowledge, .driver, .featuresOK, .driverOK]
    let spoil = {
      second.forget()
      second.setStatus(live)
    }
    #expect(try diagnose(place, second, .read, spoil: spoil) == .queueNotEnabled(queue: 0))
  }

  @Test(arguments: Place.allCases) func addressOutsideMemory_isSaid(_ place: Place) throws {
    let diagnosis = try diagnose(place, makeDevice(), .nothing, adjust: { $0.reachableMemory = [0...0xfff] })
    guard case .addressOutsideMemory(queue: 0, let address) = diagnosis else {
      Issue.record("\(diagnosis)")
      return
    }
    #expect(address > 0xfff)
    #expect(
      try diagnose(place, makeDevice(), .nothing, adjust: { $0.reachableMemory = [0...UInt64.max] })
        == .healthy(done: 0, underWay: 0))
  }

  @Test(arguments: Place.allCases) func requestNeverPublished_isSaid(_ place: Place) throws {
    #expect(try diagnose(place, makeDevice(), .submitOnly) == .neverPublished(queue: 0, count: 1))
  }

  /// The device asked to be left alone, and has changed its mind since: a bell that was due and never came.
  @Test(arguments: Place.allCases) func doorbellNeverRung_isSaid(_ place: Place) throws {
    let device = makeDevice([])
    device.setManual(true)
    let diagnosis = try diagnose(
      place, device, .publish, beforeWork: { device.setWantsNotifications(false) },
      spoil: { device.setWantsNotifications(true) })
    #expect(diagnosis == .doorbellNeverRung(queue: 0, count: 1))
  }

  @Test(arguments: Place.allCases) func interruptMasked_isSaid(_ place: Place) throws {
    let masked = InterruptObservation(isMasked: true, count: 0, spuriousCount: 0)
    #expect(
      try diagnose(place, makeDevice(), .publish, adjust: { $0.interrupts = masked })
        == .interruptMasked(queue: 0, count: 1))
    let open = InterruptObservation(isMasked: false, count: 0, spuriousCount: 0)
    #expect(
      try diagnose(place, makeDevice(), .publish, adjust: { $0.interrupts = open }) == .nobodyLooks(queue: 0, count: 1))
  }

  @Test(arguments: Place.allCases) func backEndThatDoesNothing_isSaid(_ place: Place) throws {
    let device = makeDevice()
    device.hostility.ignoresNotifications = true
    #expect(try diagnose(place, device, .publish) == .notServed(queue: 0, count: 1, notifications: 1))
    // Its socket is closed, says the platform.
    #expect(try diagnose(place, makeDevice(), .publish, adjust: { $0.isServed = false }) == .backEndGone)
  }

  @Test func absentDevice_isSaid() throws {
    let device = makeDevice()
    #expect(try diagnose(.mmio, device, .read, spoil: { device.hostility.isAbsent = true }) == .absent)
  }

  @Test(arguments: Place.allCases) func deviceThatGaveUp_isSaid(_ place: Place) throws {
    let device = makeDevice()
    let diagnosis = try diagnose(place, device, .read, spoil: { device.raiseNeedsReset() })
    guard case .needsReset = diagnosis else {
      Issue.record("\(diagnosis)")
      return
    }
  }

  @Test(arguments: Place.allCases) func deviceThatBringsNothingUp_isSaid(_ place: Place) throws {
    let device = makeDevice()
    device.hostility.refusesFeatures = true
    let diagnosis = try diagnose(place, device, .nothing)
    guard case .notBroughtUp = diagnosis else {
      Issue.record("\(diagnosis)")
      return
    }
    #expect(!diagnosis.isHealthy)
    #expect(diagnosis.words.hasPrefix("it could not be brought up: the device refused the features"))
  }
}
