import DevicePlatform
import Foundation
import QTest
import Testing

extension EmulatedMachines {
  /// Starting and ending emulators: nothing may hang, and nothing may be left behind.
  @Suite struct MachineStartTests {
    /// True while a process with this number exists, dead but unreaped ones included.
    private func exists(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno != ESRCH }

    @Test(arguments: MachineKind.allCases)
    func start_eachKind_answersOnBothChannels(_ kind: MachineKind) throws {
      let machine = try QTestMachine(.init(kind))
      #expect(try machine.monitor.execute("query-status")["status"]?.text == "running")
      #expect(try machine.monitor.virtioDevices() == [])
      #expect(exists(machine.process.processID))
      #expect(machine.stop() == .exited(0))
      #expect(!exists(machine.process.processID))
      #expect(machine.standardError == "")
    }

    @Test(arguments: MachineKind.allCases)
    func memory_writtenOnOneSide_isReadOnTheOther(_ kind: MachineKind) throws {
      let machine = try QTestMachine(.init(kind))
      let address = DeviceAddress(kind.memoryBase + 0x30_0000)
      let window = machine.registers(at: address.rawValue, byteCount: 16)
      window.store32(0x1122_3344, at: 4)
      window.store16(0xabcd, at: 8)
      window.store8(0x5e, at: 10)
      #expect(
        machine.guestMemory.read(at: address, byteCount: 12)
          == [0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0xcd, 0xab, 0x5e, 0])
      machine.guestMemory.write([0xef, 0xbe, 0xad, 0xde], at: address)
      #expect(window.load32(at: 0) == 0xdead_beef)
      #expect(window.load16(at: 2) == 0xdead)
      #expect(window.load8(at: 0) == 0xef)
      #expect(machine.failure == nil)
    }

    @Test func stop_leavesNoDescriptorAndNoFile() throws {
      func descriptors() throws -> Int {
        let folder = "/proc/self/fd"
        return try FileManager.default.contentsOfDirectory(atPath: folder).count {
          // One that another thread has closed meanwhile is none of ours.
          let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
          return target?.contains("memfd:vireo") == true
        }
      }
      let before = try descriptors()
      var process: Int32 = 0
      do {
        let machine = try QTestMachine(.init(.microvm))
        process = machine.process.processID
        #expect(try descriptors() > before)
      }
      // Not stopped but dropped.
      #expect(!exists(process))
      #expect(try descriptors() == before)
    }

    @Test func emulator_killedMidway_failsEveryCallAtOnce() throws {
      let machine = try QTestMachine(.init(.aarch64Virt))
      let slot = machine.mmioSlots()[0]
      #expect(slot.load32(at: 0) == 0x7472_6976)
      kill(machine.process.processID, SIGKILL)
      #expect(machine.process.waitForEnd(within: .seconds(5)) == .signalled(SIGKILL))
      let begin = HostClock().now
      #expect(slot.load32(at: 0) == 0xffff_ffff)
      #expect(slot.load8(at: 0) == 0xff)
      slot.store32(0, at: 0x70)
      let ended = QTestError.ended(program: machine.kind.program, status: .signalled(SIGKILL), standardError: "")
      #expect(machine.failure == ended)
      #expect(throws: ended) { try machine.connection.execute("readl 0x0") }
      #expect(throws: ended) { try machine.connection.synchronize() }
      #expect(throws: ended) { try machine.connection.takeInterruptChanges() }
      #expect(throws: ended) { try machine.monitor.execute("query-status") }
      var waiter = machine.waiter
      waiter.wait(until: waiter.now + .milliseconds(1))
      #expect(machine.stop() == .signalled(SIGKILL))
      #expect(HostClock().now - begin < .seconds(2))
    }

    @Test func emulator_stopsAnswering_meetsTheDeadline() throws {
      let machine = try QTestMachine(.init(.microvm))
      kill(machine.process.processID, SIGSTOP)
      machine.connection.timeout = 100
      machine.monitor.timeout = 100
      #expect(machine.mmioSlots()[0].load32(at: 0) == 0xffff_ffff)
      guard case .deadlinePassed(let what, milliseconds: 100) = machine.failure else {
        Issue.record("expected a missed deadline, found \(String(describing: machine.failure))")
        return
      }
      #expect(what == "qtest: answer to readl 0xfeb00000")
      #expect(throws: QTestError.self) { try machine.monitor.execute("query-status") }
      // Neither a request nor SIGTERM ends a stopped process.
      #expect(machine.stop() == .signalled(SIGKILL))
    }

    @Test func start_badArgument_saysWhatTheEmulatorSaid() throws {
      do {
        _ = try QTestMachine(.init(.q35, arguments: ["-device", "virtio-nonsense"]))
        Issue.record("started with a device that does not exist")
      } catch {
        guard case .ended(_, .exited(1), let text) = error else { throw error }
        #expect(text.contains("'virtio-nonsense' is not a valid device model name"))
      }
    }

    @Test func start_withoutEmulator_namesTheProgram() throws {
      var configuration = QTestMachine.Configuration(.q35)
      configuration.program = "qemu-system-nonsense"
      #expect(throws: QTestError.programMissing("qemu-system-nonsense")) { try QTestMachine(configuration) }
      configuration.program = "/dev/null"
      #expect(throws: QTestError.system(doing: "starting /dev/null", errno: EACCES)) { try QTestMachine(configuration) }
    }

    @Test func start_programWithoutAnswer_meetsTheDeadline() throws {
      let script = FileManager.default.temporaryDirectory.appending(path: "mute-\(UUID().uuidString)")
      try Data("#!/bin/sh\nexec sleep 60\n".utf8).write(to: script)
      defer { try? FileManager.default.removeItem(at: script) }
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
      var configuration = QTestMachine.Configuration(.q35)
      configuration.program = script.path
      configuration.startTimeout = 200
      #expect(throws: QTestError.deadlinePassed(waitingFor: "QMP: greeting", milliseconds: 200)) {
        try QTestMachine(configuration)
      }
    }
  }
}
