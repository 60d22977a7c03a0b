import DeviceManager
import DevicePlatform
import DeviceTraits
import Testing
import VirtIO
import VirtIOTestSupport

/// From one owner to another.
@Suite struct LifeTests {
  let machine = TestMachine()
  let device: ScriptedDevice

  init() {
    machine.drivers.register(machine.driver("blk", .block, .lettered("vd")))
    machine.drivers.register(machine.driver("other", .block, .lettered("vd")))
    device = machine.makeDevice(.block)
    machine.attach(device, at: "mmio 1")
    machine.manager.startAll()
  }

  private var state: DeviceState? { machine.manager.entry(named: "vda")?.state }

  @Test func deviceHandedOver_isResetInBetween() throws {
    #expect(state == .driven(by: "blk"))
    let resets = device.resetCount
    try machine.manager.handOver("vda", to: "other")
    #expect(state == .driven(by: "other"))
    // Its driver's, then the bring-up's own.
    #expect(device.resetCount >= resets + 2)
    #expect(device.status.contains(.driverOK))
    #expect(device.violations == [])
    #expect(machine.manager.entries.count == 1)
    // A transport of its own for each driver.
    #expect(machine.slot("mmio 1").openCount == 2)
  }

  @Test func deviceReleased_isResetAndItsMemoryBack() throws {
    #expect(try machine.manager.release("vda") == nil)
    #expect(state == .released)
    #expect(device.status == [])
    #expect(machine.memory.buffersInUse == 0)
    #expect(throws: ManagerError.wrongState(name: "vda", .released)) { try machine.manager.release("vda") }
    try machine.manager.start("vda")
    #expect(state == .driven(by: "blk"))
  }

  @Test func deviceThatDoesNotReset_isReleasedAndItsMemoryLost() throws {
    device.hostility.neverResets = true
    #expect(try machine.manager.release("vda") != nil)
    #expect(state == .released)
    #expect(machine.memory.buffersLost > 0)
    #expect(throws: ManagerError.self) { try machine.manager.start("vda") }
    guard case .failed = state else {
      Issue.record("\(String(describing: state))")
      return
    }
    device.hostility.neverResets = false
    try machine.manager.start("vda")
    #expect(state == .driven(by: "blk"))
  }

  @Test func deviceLent_isNobodyElsesUntilItIsBack() throws {
    #expect(throws: ManagerError.wrongState(name: "vda", .driven(by: "blk"))) {
      try machine.manager.lend("vda", to: "blkd")
    }
    try machine.manager.release("vda")
    try machine.manager.lend("vda", to: "blkd")
    #expect(throws: ManagerError.wrongState(name: "vda", .lent(to: "blkd"))) { try machine.manager.start("vda") }
    machine.manager.startAll()
    #expect(state == .lent(to: "blkd"))
    try machine.manager.reclaim("vda")
    try machine.manager.start("vda")
    #expect(state == .driven(by: "blk"))
  }

  @Test func deviceRemoved_losesNothingAndItsNameIsNotUsedAgain() throws {
    device.hostility.isAbsent = true
    try machine.manager.deviceWasRemoved("vda", unsafe DeviceRemoval())
    #expect(state == .removed)
    #expect(machine.memory.buffersInUse == 0 && machine.memory.buffersLost == 0)
    #expect(throws: ManagerError.wrongState(name: "vda", .removed)) { try machine.manager.start("vda") }
    // Another one in the same place.
    machine.attach(machine.makeDevice(.block), at: "mmio 1")
    machine.manager.startAll()
    #expect(machine.manager.entry(named: "vdb")?.state == .driven(by: "blk"))
  }

  @Test func unknownNamesAndDrivers_areRefused() throws {
    #expect(throws: ManagerError.unknownName("vdz")) { try machine.manager.release("vdz") }
    try machine.manager.release("vda")
    #expect(throws: ManagerError.failed(name: "vda", .noDriver("nobody"))) {
      try machine.manager.start("vda", driver: "nobody")
    }
  }

  @Test func everythingReleased_isReset() {
    machine.attach(machine.makeDevice(.balloon), at: "b")
    machine.manager.releaseAll()
    #expect(state == .released)
    #expect(device.status == [])
    #expect(machine.memory.buffersInUse == 0)
  }

  @Test func deviceWithoutTransport_isOneOfTheMachines() throws {
    let disk = RAMDisk(blockCount: 4)
    let name = machine.manager.add(Plain(disk), driver: "ram", naming: .numbered("ram"))
    #expect(name == "ram0")
    #expect(machine.manager.storageDevices.first === disk)
    try machine.manager.release("ram0")
    #expect(machine.manager.storageDevices.isEmpty)
    #expect(throws: ManagerError.failed(name: "ram0", .noDriver("any"))) { try machine.manager.start("ram0") }
  }
}

/// A RAM disk for the manager.
private final class Plain: DrivenDevice {
  let disk: RAMDisk
  init(_ disk: RAMDisk) { self.disk = disk }
  var role: DeviceRole { .storage(disk) }
  var location: String { "memory" }
  func shutDown() -> String? { nil }
  func deviceWasRemoved(_ removal: DeviceRemoval) {}
}
