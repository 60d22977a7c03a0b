import DevicePlatform
import PCI
import QTest
import Testing
import VirtIO
import VirtIOBlock
import VirtIOPCI

extension EmulatedMachines {
  /// QEMU's own `hotplug` case, and what its test leaves out: the driver is in use while its device goes.
  @Suite struct HotPlugTests {
    static let places = [Place.q35PCI, .q35EnhancedPCI, .aarch64PCI, .riscv64PCI]
    private typealias Disk = BlockDevice<PCITransport<QTestRegisters, QTestMemory>>

    /// A machine with an empty slot and two disk images, the second of which differs from the first.
    private struct Rig {
      let machine: QTestMachine
      let bus: FirmwarelessBus
      let slot: HotPlugSlot
      static let seeds: [UInt8] = [0x5a, 0x77]

      init(_ place: Place) throws {
        var arguments = HotPlugSlot.arguments(place)
        var files: [MemoryFile] = []
        for (index, seed) in Self.seeds.enumerated() {
          arguments += ["-drive", "file=\(QTestMachine.path(ofFile: index)),if=none,id=d\(index),format=raw"]
          files.append(try MemoryFile(contents: pattern(sector: 0, count: 64, seed: seed)))
        }
        machine = try QTestMachine(.init(place.kind, arguments: arguments, files: files))
        guard case .pci(let portsOnly) = place.bus else { preconditionFailure("a place with PCI") }
        bus = try FirmwarelessBus(machine, portsOnly: portsOnly)
        slot = try HotPlugSlot(bus, place)
        slot.powerOn()
      }

      /// Puts a disk into the slot and brings it up.
      func plugIn(_ number: Int, _ waiter: inout QTestWaiter) throws -> Disk {
        try machine.monitor.execute(
          "device_add",
          [
            "driver": .string("virtio-blk-pci"), "id": .string("plugged\(number)"), "bus": .string("rootport"),
            "drive": .string("d\(number)"), "disable-legacy": .string("on"),
          ])
        let slot = slot
        try wait("a device in the slot", &waiter) { slot.isOccupied && bus.bus.function(at: HotPlugSlot.device) != nil }
        slot.acknowledge()
        slot.powerOn()
        let function = try #require(bus.bus.function(at: HotPlugSlot.device))
        #expect(PCIDeviceIdentity.deviceType(of: function) == .block)
        return try BlockDevice(try bus.freshTransport(to: function), waiter: &waiter)
      }

      /// Asks for the disk's removal, as a person at the slot would.
      func askToRemove(_ number: Int, _ waiter: inout QTestWaiter) throws {
        try machine.monitor.execute("device_del", ["id": .string("plugged\(number)")])
        let slot = slot
        try wait("the button at the slot", &waiter) { slot.wantsAttention }
        #expect(bus.bus.function(at: HotPlugSlot.device) != nil)
        slot.acknowledge()
      }

      /// Takes the power away; the disk is gone when this returns.
      func takeOut(_ number: Int) throws {
        slot.powerOff()
        try machine.emulator.waitForUnplug(of: "plugged\(number)")
        #expect(bus.bus.function(at: HotPlugSlot.device) == nil)
        slot.acknowledge()
        slot.powerOn()
      }

      private func wait(_ what: String, _ waiter: inout QTestWaiter, until condition: () -> Bool) throws {
        let deadline = waiter.now + .seconds(5)
        while !condition() {
          guard waiter.now < deadline else { throw QTestError.deadlinePassed(waitingFor: what, milliseconds: 5000) }
          waiter.wait(until: deadline)
        }
      }

      func expectSector(_ sector: UInt64, of number: Int, _ disk: inout Disk, _ waiter: inout QTestWaiter) throws {
        var buffer = try machine.memory.allocate(byteCount: 512)
        try disk.read(sector: sector, into: &buffer, waiter: &waiter)
        #expect(buffer.array(512) == pattern(sector: sector, seed: Self.seeds[number]))
      }

      func expectCleanEnd() {
        #expect(machine.memory.buffersInUse == 0 && machine.memory.buffersLost == 0)
        #expect(machine.failure == nil)
        #expect(machine.stop() == .exited(0))
        #expect(machine.standardError == "")
      }
    }

    /// In, used, asked out, let go of, out; and the next one in.
    @Test(arguments: places) func hotplug_askedFirst_letsGoAndTakesTheNext(_ place: Place) throws {
      let rig = try Rig(place)
      var waiter = rig.machine.waiter
      #expect(!rig.slot.isOccupied && rig.bus.bus.function(at: HotPlugSlot.device) == nil)
      for number in 0..<2 {
        do {
          var disk = try rig.plugIn(number, &waiter)
          try rig.expectSector(5, of: number, &disk, &waiter)
          try rig.askToRemove(number, &waiter)
          // Still there, and of use.
          try rig.expectSector(6, of: number, &disk, &waiter)
          try disk.shutDown(waiter: &waiter)
        }
        #expect(rig.machine.memory.buffersInUse == 0)
        try rig.takeOut(number)
      }
      rig.expectCleanEnd()
    }

    /// Out without a word to the driver, with requests in flight; each comes back once, and the next device works.
    @Test(arguments: places) func hotplug_pulledOutInUse_isNoticedAndTheNextOneWorks(_ place: Place) throws {
      let rig = try Rig(place)
      var waiter = rig.machine.waiter
      do {
        var disk = try rig.plugIn(0, &waiter)
        try rig.expectSector(5, of: 0, &disk, &waiter)
        try rig.askToRemove(0, &waiter)
        for sector in 0..<8 as Range<UInt64> {
          guard case .accepted = disk.startRead(sector: sector, into: try rig.machine.memory.allocate(byteCount: 512))
          else {
            Issue.record("refused")
            return
          }
        }
        // QEMU finishes what it has been shown before it lets a device go; four more it never sees.
        disk.publish()
        for sector in 8..<12 as Range<UInt64> {
          guard case .accepted = disk.startRead(sector: sector, into: try rig.machine.memory.allocate(byteCount: 512))
          else {
            Issue.record("refused")
            return
          }
        }
        try rig.takeOut(0)

        // Where nothing answers, buses read as ones; QEMU's q35 reads as zeroes, like a device after its reset.
        let isOnes = place.kind != .q35
        #expect(disk.status.isAbsent == isOnes)
        var buffer = try rig.machine.memory.allocate(byteCount: 512)
        let begin = waiter.now
        #expect(throws: isOnes ? BlockError.deviceAbsent : .timedOut(status: [])) {
          try disk.read(sector: 1, into: &buffer, waiter: &waiter, timeout: .milliseconds(100))
        }
        if isOnes {
          #expect(throws: BringupError.deviceAbsent) { try disk.shutDown(waiter: &waiter) }
          disk.deviceWasRemoved(unsafe DeviceRemoval())
        } else {
          try disk.shutDown(waiter: &waiter)
        }
        var counts: [BlockResult.Kind: Int] = [:]
        while let completion = disk.complete() { counts[.init(completion.result), default: 0] += 1 }
        #expect(counts == [.done: 8, .aborted: 5])
        #expect(disk.inFlight == 0 && waiter.now - begin < .seconds(2))
      }
      #expect(rig.machine.memory.buffersInUse == 0 && rig.machine.memory.buffersLost == 0)
      do {
        var disk = try rig.plugIn(1, &waiter)
        try rig.expectSector(5, of: 1, &disk, &waiter)
      }
      rig.expectCleanEnd()
    }

    /// Nobody says that the device is gone: a driver that is dropped ends at once, and keeps what might still be written
    /// out of use for good.
    @Test func hotplug_pulledOutAndDropped_losesWhatWasInFlight() throws {
      let rig = try Rig(.aarch64PCI)
      var waiter = rig.machine.waiter
      var begin = waiter.now
      do {
        var disk = try rig.plugIn(0, &waiter)
        try rig.expectSector(5, of: 0, &disk, &waiter)
        try rig.askToRemove(0, &waiter)
        try rig.takeOut(0)
        for sector in 0..<3 as Range<UInt64> {
          guard case .accepted = disk.startRead(sector: sector, into: try rig.machine.memory.allocate(byteCount: 512))
          else {
            Issue.record("refused")
            return
          }
        }
        disk.publish()
        begin = waiter.now
      }
      #expect(waiter.now - begin < .seconds(1))
      let lost = rig.machine.memory.buffersLost
      #expect(lost >= 3 && rig.machine.memory.buffersInUse == lost)
      #expect(rig.machine.failure == nil)
      #expect(rig.machine.stop() == .exited(0))
      #expect(rig.machine.standardError == "")
    }

    /// MMIO has no hot-plug: QEMU says so, and the disk that is there does not notice.
    @Test func hotplug_onMMIO_isRefused() throws {
      let bench = try BlockCaseTests.bench(.aarch64MMIO)
      do {
        try bench.machine.monitor.execute(
          "device_add", ["driver": .string("virtio-rng-device"), "bus": .string("virtio-mmio-bus.3")])
        Issue.record("a device was plugged into an MMIO slot")
      } catch QTestError.commandFailed(_, _, let reason) {
        #expect(reason == "Bus 'virtio-mmio-bus.3' does not support hotplugging")
      }
      try bench.expectCleanEnd()
    }
  }
}

extension BlockResult {
  fileprivate enum Kind: Hashable {
    case done, aborted, other
    init(_ result: BlockResult) {
      switch result {
      case .done: self = .done
      case .aborted: self = .aborted
      default: self = .other
      }
    }
  }
}
