import DevicePlatform
import FirmwareConfiguration
import PCI
import Testing
import VirtIO
import VirtIOEntropy
import VirtIOTestSupport

@testable import HostileDevice

/// Drivers that are broken on purpose, and what must be said of each: the checks of a run can fail.
struct HostileControlTests {
  /// What is said of a driver with a device that does nothing bad.
  private func findings<Driver: HostileDriver>(_ type: Driver.Type, stepLimit: Int = 400_000) -> [String] {
    runHostile(type, [0, 3, 5, 1], stepLimit: stepLimit)
  }

  @Test func bringUpWithoutReset_secondLifeServesNobody() throws {
    let said = findings(ForgetsTheReset.self)
    #expect(said.count == 1)
    #expect(said.first?.hasPrefix("no service after a reset: ") == true)
  }

  @Test func otherBytesAfterReset_areSeen() {
    #expect(findings(RemembersTheFirstLife.self) == ["after a reset other bytes come"])
  }

  @Test func bufferLostAfterCompleteReset_isSeen() {
    #expect(findings(LosesABuffer.self) == ["1 buffers lost, although the reset was complete"])
  }

  @Test func bufferLostWithoutReset_isAllowed() { #expect(findings(NeverResets.self) == []) }

  @Test func queueFreedWithoutReset_isSeen() {
    #expect(findings(FreesAQueue.self) == ["queue 0 is free, and the device was not reset"])
  }

  @Test func bufferKept_isSeen() {
    #expect(
      findings(KeepsABuffer.self)
        == ["1 buffers in use, 0 of them lost", "the second life left 1 buffers"])
  }

  @Test func moreStepsThanAllowed_areAHang() {
    #expect(findings(EntropyTarget.self, stepLimit: 20) == ["more than 20 accesses: a hang"])
  }

  @Test func accessOutsideSharedMemory_isSeen() {
    let adversary = Adversary(Decisions([]), stepLimit: 100)
    let observer = AccessObserver()
    adversary.attach(to: observer, DeviceHeap())
    observer.hook?(.load(address: 0x1000, byteCount: 4), .before)
    #expect(adversary.findings == ["an access of 4 bytes outside of all shared memory"])
  }

  @Test func bufferTwiceOrNever_isSeen() {
    var account = BufferAccount()
    account.goes(account.nextNumber())
    account.goes(account.nextNumber())
    account.comes(1)
    #expect(account.findings == [])
    account.comes(1)
    #expect(account.findings == ["buffer 1 came back, and was not out"])
    account.close()
    #expect(account.findings.count == 2)
  }
}

/// What is checked of values.
struct HostileValueControlTests {
  @Test func configurationSpaceOutsideOrOdd_isSeen() {
    let adversary = Adversary(Decisions([]), stepLimit: 100)
    let bus = HostileBus(ScriptedPCIBus([:]), of: adversary)
    let function = PCIAddress(bus: 0, device: 1)
    _ = bus.load32(function, at: 252)
    bus.store8(1, function, at: 255)
    #expect(adversary.findings == [])
    _ = bus.load32(function, at: 256)
    _ = bus.load16(function, at: 3)
    bus.store8(1, function, at: -1)
    #expect(adversary.findings.count == 3)
  }

  @Test func placementsThatOverlapOrLieOutside_areSeen() {
    let first = BaseAddressRegister(index: 0, kind: .memory32, busAddress: 0xe000_0000, byteCount: 0x2000)
    let second = BaseAddressRegister(index: 1, kind: .memory32, busAddress: 0xe000_1000, byteCount: 0x1000)
    let third = BaseAddressRegister(index: 2, kind: .memory32, busAddress: 0x1000, byteCount: 0x1000)
    func findings(_ registers: BaseAddressRegister...) -> Int {
      var placed: [BARLocation] = []
      let locations = registers.map { BARLocation(address: $0.busAddress, byteCount: $0.byteCount) }
      return PCILife.findings(registers, locations, &placed).count
    }
    #expect(findings(first) == 0)
    #expect(findings(first, second) == 1)
    #expect(findings(third) == 1)
  }

  @Test func capabilitiesTwiceOrInTheHeader_areSeen() {
    let good = PCICapability(id: 9, offset: 0x40)
    #expect(PCILife.areSound([good]))
    #expect(!PCILife.areSound([good, good]))
    #expect(!PCILife.areSound([PCICapability(id: 9, offset: 0x3c)]))
  }

  @Test func treeWithMoreBytesThanItsBlob_isSeen() throws {
    let input: [UInt8] = [0, 2, 1, 7]
    let tree = try #require(try? DeviceTreeTarget.tree(DeviceTreeWriter.blob(Decisions(input))))
    var reader = DeviceTreeReader(tree: tree, blobByteCount: 1000)
    reader.readEverything()
    #expect(reader.findings == [])
    reader = DeviceTreeReader(tree: tree, blobByteCount: 1)
    reader.readEverything()
    #expect(!reader.findings.isEmpty)
  }

  @Test func filesTwice_orWithOtherContents_areSeen() throws {
    let heap = DeviceHeap()
    let adversary = Adversary(Decisions([]), stepLimit: 1_000_000, patience: .max)
    let life = FirmwareLife(
      device: ScriptedFirmware(heap: heap), memory: ObservedMemory(heap: heap, observer: AccessObserver()),
      adversary: adversary, isPortMapped: false, hasDMA: false)
    life.fill()
    life.serve()
    var firmware = try FirmwareDevice(
      life.device.registers(isPortMapped: false), interface: .memory, memory: life.memory)
    let file = try #require(try firmware.directory().first)
    life.check([file])
    #expect(adversary.findings == [])
    life.check([file, file])
    life.check([], file)
    life.device.setItem(0x20, [1, 2, 3])
    life.serve()
    #expect(adversary.findings.count == 3)
  }
}
