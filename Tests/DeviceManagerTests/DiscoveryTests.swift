import DeviceManager
import DevicePlatform
import Testing
import VirtIO
import VirtIOTestSupport

/// Finding, matching and bringing up.
@Suite struct DiscoveryTests {
  let machine = TestMachine()

  private func names() -> [String] { machine.manager.entries.map { $0.name } }

  @Test func displays_comeUpFirst() {
    machine.drivers.register(machine.driver("blk", .block, .lettered("vd")))
    machine.drivers.register(machine.driver("gpu", .gpu, .numbered("display"), priority: .display))
    machine.attach(machine.makeDevice(.block), at: "a")
    machine.attach(machine.makeDevice(.gpu), at: "b")
    machine.attach(machine.makeDevice(.block), at: "c")
    #expect(machine.events.lines == [])
    machine.manager.startAll()
    #expect(machine.events.lines == ["gpu starts display0", "blk starts vda", "blk starts vdb"])
    #expect(machine.log.lines.count == 3)
    #expect(machine.log.lines.first == "b: gpu device display0, modern, polled")
  }

  @Test func brokenDevice_keepsItsNameAndTheOthersComeUp() {
    machine.drivers.register(machine.driver("blk", .block, .lettered("vd")))
    let devices = (0..<3).map { _ in machine.makeDevice(.block) }
    devices[1].hostility.refusesFeatures = true
    for (index, device) in devices.enumerated() { machine.attach(device, at: "mmio \(index)") }
    machine.manager.startAll()
    #expect(names() == ["vda", "vdb", "vdc"])
    let refused = DeviceFailure.bringup(.featuresRefused(accepted: .version1, left: []))
    #expect(machine.manager.entries.map { $0.state } == [.driven(by: "blk"), .failed(refused), .driven(by: "blk")])
    #expect(machine.manager.failureCount == 1)
    #expect(machine.log.lines[1] == "mmio 1: block device vdb cannot be used: \(refused.words)")
  }

  /// Each way in which a device can fail to come up, one device of it, and a good one behind.
  @Test func machineWithEachFault_drivesWhatIsGood() {
    machine.drivers.register(machine.driver("rng", .entropy, .numbered("rng")))
    let faults: [(inout Hostility) -> Void] = [
      { $0.refusesFeatures = true }, { $0.neverResets = true }, { $0.queueMaximum = 0 }, { $0.queuesInUse = true },
      { $0.queuesStayDisabled = true },
    ]
    for (index, fault) in faults.enumerated() {
      let device = machine.makeDevice(.entropy)
      fault(&device.hostility)
      // A reset has nothing to do for a device that nobody ever drove.
      if device.hostility.neverResets { device.setStatus([.acknowledge, .driver, .driverOK]) }
      machine.attach(device, at: "mmio \(index)")
    }
    let good = machine.makeDevice(.entropy)
    machine.attach(good, at: "good")
    // These do not even get as far as a driver.
    let unusable: [(inout Hostility) -> Void] = [
      { $0.magic = 7 }, { $0.version = 9 }, { $0.isAbsent = true },
    ]
    for (index, fault) in unusable.enumerated() {
      let device = machine.makeDevice(.entropy)
      fault(&device.hostility)
      #expect(!machine.attach(device, at: "broken \(index)"))
    }
    machine.manager.startAll()
    #expect(machine.manager.entries.count == 6)
    #expect(machine.manager.failureCount == 5)
    #expect(machine.manager.entry(named: "rng5")?.state == .driven(by: "rng"))
    #expect(good.status.contains(.driverOK))
    #expect(good.violations == [])
  }

  @Test func driverThatThrows_changesNothingForTheOthers() {
    machine.drivers.register(machine.driver("net", .network, .numbered("net"), failsWith: .deviceAbsent))
    machine.drivers.register(machine.driver("blk", .block, .lettered("vd")))
    machine.attach(machine.makeDevice(.network), at: "a")
    machine.attach(machine.makeDevice(.block), at: "b")
    machine.manager.startAll()
    #expect(machine.manager.entry(named: "net0")?.state == .failed(.bringup(.deviceAbsent)))
    #expect(machine.manager.entry(named: "vda")?.state == .driven(by: "blk"))
  }

  @Test func deviceFoundTwice_isClaimedOnce() {
    machine.drivers.register(machine.driver("blk", .block, .lettered("vd")))
    let device = machine.makeDevice(.block)
    #expect(machine.attach(device, at: "mmio 1"))
    #expect(!machine.attach(device, at: "mmio 1"))
    machine.manager.startAll()
    #expect(!machine.attach(device, at: "mmio 1"))
    machine.manager.startAll()
    #expect(names() == ["vda"])
    #expect(machine.events.lines == ["blk starts vda"])
    #expect(machine.log.lines.filter { $0 == "mmio 1: found twice, claimed once" }.count == 2)
  }

  @Test func deviceWithoutDriver_waitsForOne() {
    machine.attach(machine.makeDevice(.balloon), at: "a")
    machine.manager.startAll()
    machine.manager.startAll()
    #expect(machine.log.lines == ["a: balloon device, no driver for it"])
    #expect(machine.manager.undriven == ["a"])
    machine.drivers.register(machine.driver("balloon", .balloon, .numbered("balloon")))
    machine.manager.startAll()
    #expect(names() == ["balloon0"])
    #expect(machine.manager.undriven == [])
  }

  @Test func firstMatchingDriver_getsTheDevice() {
    #expect(machine.drivers.register(machine.driver("first", .block, .lettered("vd"))))
    #expect(machine.drivers.register(machine.driver("second", .block, .lettered("vd"))))
    #expect(!machine.drivers.register(machine.driver("first", .entropy, .numbered("rng"))))
    machine.attach(machine.makeDevice(.block), at: "a")
    machine.manager.startAll()
    #expect(machine.drivers.unregister("first"))
    #expect(!machine.drivers.unregister("first"))
    machine.attach(machine.makeDevice(.block), at: "b")
    machine.manager.startAll()
    #expect(machine.manager.entries.map { $0.state } == [.driven(by: "first"), .driven(by: "second")])
  }

  @Test func slotThatWantsAnotherTry_getsExactlyOne() {
    machine.drivers.register(machine.driver("blk", .block, .lettered("vd")))
    let device = machine.makeDevice(.block)
    device.hostility.refusesFeatures = true
    machine.attach(device, at: "a")
    machine.slot("a").triesLeft = 5
    machine.manager.startAll()
    #expect(machine.events.lines.count == 2)
    // One for looking, which the first try used, and one for the second.
    #expect(machine.slot("a").openCount == 2)
    #expect(machine.slot("a").releaseCount == 2)
  }

  @Test(arguments: [(0, "vda"), (25, "vdz"), (26, "vdaa"), (701, "vdzz"), (702, "vdaaa")])
  func letters_countOn(_ index: Int, _ name: String) {
    #expect(DeviceNaming.lettered("vd").name(index) == name)
    #expect(DeviceNaming.numbered("rng").name(index) == "rng\(index)")
  }
}
