import DevicePlatform
import QTest
import Testing

extension EmulatedMachines {
  /// The two channels and what they tell, against devices whose registers are known.
  @Suite struct QTestConnectionTests {
    private static func disk() throws -> (MemoryFile, [String]) {
      let file = try MemoryFile(byteCount: 1 << 20)
      return (file, ["-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw"])
    }

    @Test(arguments: [(MachineKind.microvm, false), (.aarch64Virt, false), (.aarch64Virt, true), (.riscv64Virt, false)])
    func slots_oneDevice_showsItsIdentity(_ kind: MachineKind, isLegacy: Bool) throws {
      var configuration = QTestMachine.Configuration(kind, arguments: ["-device", "virtio-rng-device"])
      configuration.isLegacyMMIO = isLegacy
      let machine = try QTestMachine(configuration)
      let slots = machine.mmioSlots()
      #expect(slots.count == kind.slotAddresses.count)
      #expect(slots.allSatisfy { $0.load32(at: 0) == 0x7472_6976 })
      #expect(slots.map(\.base) == slots.map(\.base).sorted())
      let devices = slots.filter { $0.load32(at: 8) != 0 }
      #expect(devices.map { $0.load32(at: 8) } == [4])
      #expect(devices.map { $0.load32(at: 4) } == [isLegacy ? 1 : 2])
      #expect(machine.failure == nil)
    }

    @Test(arguments: [
      (MachineKind.q35, 0x29c0_8086 as UInt32), (.aarch64Virt, 0x0008_1b36), (.riscv64Virt, 0x0008_1b36),
    ])
    func configurationSpace_hostBridgeAndDevice_showTheirIdentity(_ kind: MachineKind, bridge: UInt32) throws {
      let machine = try QTestMachine(.init(kind, arguments: ["-device", "virtio-rng-pci,disable-legacy=on,addr=4"]))
      let layout = try #require(kind.pciLayout)
      func identity(_ device: UInt32) -> UInt32 {
        switch layout.configuration {
        case .ports:
          let ports = machine.ports(at: 0xcf8, byteCount: 8)
          ports.store32(0x8000_0000 | device << 11, at: 0)
          return ports.load32(at: 4)
        case .enhanced(let base):
          return machine.registers(at: base + UInt64(device) << 15, byteCount: 4096).load32(at: 0)
        }
      }
      #expect(identity(0) == bridge)
      #expect(identity(4) == 0x1044_1af4)
      #expect(identity(5) == 0xffff_ffff)
      #expect(machine.failure == nil)
    }

    @Test func monitor_deviceFeatures_equalTheRegisters() throws {
      let (file, drive) = try Self.disk()
      let machine = try QTestMachine(
        .init(.aarch64Virt, arguments: drive + ["-device", "virtio-blk-device,drive=d0"], files: [file]))
      let device = try #require(machine.mmioSlots().first { $0.load32(at: 8) == 2 })
      var offered: UInt64 = 0
      for word in [1, 0] as [UInt32] {
        device.store32(word, at: 0x14)
        offered |= UInt64(device.load32(at: 0x10)) << (32 * UInt64(word))
      }
      let name = try #require(machine.monitor.virtioDevices().first)
      #expect(name.name == "virtio-blk")
      let fresh = try machine.monitor.virtioStatus(name.path)
      // Bits 24 and 27 are for legacy drivers only: this interface hides them, the monitor does not.
      let legacyOnly: UInt64 = 1 << 24 | 1 << 27 | 1 << 30
      #expect(fresh.deviceFeatures & ~legacyOnly == offered & ~legacyOnly)
      #expect(offered & 1 << 32 != 0)
      #expect(fresh.deviceID == 2 && fresh.status == 0 && fresh.driverFeatures == 0 && !fresh.isBroken)
      #expect(fresh.queueCount == 1)

      device.store32(3, at: 0x70)
      let accepted: UInt64 = 1 << 32 | 1 << 29 | 1 << 9
      for word in [1, 0] as [UInt32] {
        device.store32(word, at: 0x24)
        device.store32(UInt32(truncatingIfNeeded: accepted >> (32 * UInt64(word))), at: 0x20)
      }
      device.store32(11, at: 0x70)
      let settled = try machine.monitor.virtioStatus(name.path)
      #expect(settled.driverFeatures == accepted)
      #expect(settled.status == 11)
      let queue = try machine.monitor.queueStatus(name.path, queue: 0)
      #expect(
        queue.size > 0 && queue.usedIndex == 0 && queue.lastAvailableIndex == 0 && queue.signalledUsedIndex == nil)
      #expect(throws: QTestError.self) { try machine.monitor.queueStatus(name.path, queue: 9) }
      #expect(machine.failure == nil)
    }

    @Test func monitor_unknownCommand_isRefusedAndTheChannelLives() throws {
      let machine = try QTestMachine(.init(.microvm))
      #expect(
        throws: QTestError.commandFailed(
          command: "nonsense", errorClass: "CommandNotFound", reason: "The command nonsense has not been found")
      ) { try machine.monitor.execute("nonsense") }
      #expect(try machine.monitor.execute("query-status")["running"] == .boolean(true))
    }

    @Test func qtest_unknownCommand_isRefusedAndTheChannelLives() throws {
      let machine = try QTestMachine(.init(.microvm))
      do {
        try machine.connection.execute("nonsense 1")
        Issue.record("a command that does not exist was performed")
      } catch {
        guard case .refused(command: "nonsense 1", _) = error else { throw error }
      }
      #expect(machine.failure == nil)
      #expect(machine.mmioSlots()[0].load32(at: 0) == 0x7472_6976)
    }

    @Test func postedWrites_arePerformedInOrderBeforeTheNextRead() throws {
      let machine = try QTestMachine(.init(.riscv64Virt))
      let window = machine.registers(at: machine.kind.memoryBase, byteCount: 4096)
      machine.connection.postsWrites = true
      for index in 0..<1000 { window.store32(UInt32(index), at: 4 * (index % 256)) }
      #expect(window.load32(at: 4 * 231) == 999)
      #expect(window.load32(at: 4 * 232) == 744)
      window.store8(7, at: 0)
      try machine.connection.synchronize()
      #expect(machine.guestMemory.read(at: DeviceAddress(machine.kind.memoryBase), byteCount: 1) == [7])
      #expect(machine.failure == nil)
    }

    @Test func interrupts_lineRaisedAndLowered_isLogged() throws {
      let machine = try QTestMachine(.init(.aarch64Virt, arguments: ["-device", "virtio-rng-device"]))
      try machine.connection.interceptInterrupts(of: machine.kind.interruptController)
      // The ring of a device of version 2 by hand: one buffer of 8 bytes, then the doorbell.
      let slots = machine.mmioSlots()
      let slot = try #require(slots.firstIndex { $0.load32(at: 8) == 4 })
      let device = slots[slot]
      let base = machine.kind.memoryBase + 0x20_0000
      for status in [0, 1, 3] as [UInt32] { device.store32(status, at: 0x70) }
      for (word, value) in [(1, 1), (0, 0)] as [(UInt32, UInt32)] {
        device.store32(word, at: 0x24)
        device.store32(value, at: 0x20)
      }
      device.store32(11, at: 0x70)
      device.store32(0, at: 0x30)
      device.store32(8, at: 0x38)
      for (offset, area) in [(0x80, 0), (0x90, 0x1000), (0xa0, 0x2000)] as [(Int, UInt32)] {
        device.store32(UInt32(base) + area, at: offset)
        device.store32(0, at: offset + 4)
      }
      device.store32(1, at: 0x44)
      device.store32(15, at: 0x70)
      let buffer = UInt32(base) + 0x3000
      let descriptor =
        (0..<4).map { UInt8(truncatingIfNeeded: buffer >> (8 * $0)) } + [0, 0, 0, 0, 8, 0, 0, 0, 2, 0, 0, 0]
      machine.guestMemory.write(descriptor, at: DeviceAddress(base))
      machine.guestMemory.write([0, 0, 1, 0, 0, 0], at: DeviceAddress(base + 0x1000))
      device.store32(0, at: 0x50)

      var changes: [QTestConnection.InterruptChange] = []
      var waiter = machine.waiter
      let deadline = waiter.now + .seconds(10)
      while changes.isEmpty, waiter.now < deadline {
        waiter.wait(until: deadline)
        changes += try machine.connection.takeInterruptChanges()
      }
      #expect(changes == [.init(line: 16 + slot, isRaised: true)])
      #expect(machine.connection.isRaised(line: 16 + slot))
      #expect(
        machine.guestMemory.read(at: DeviceAddress(base + 0x2000), byteCount: 12) == [
          0, 0, 1, 0, 0, 0, 0, 0, 8, 0, 0, 0,
        ])
      device.store32(device.load32(at: 0x60), at: 0x64)
      #expect(try machine.connection.takeInterruptChanges() == [.init(line: 16 + slot, isRaised: false)])
      #expect(!machine.connection.isRaised(line: 16 + slot))
      #expect(machine.connection.interruptChangeCount == 2)
      #expect(machine.failure == nil)
    }
  }
}
