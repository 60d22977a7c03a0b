import DevicePlatform
import Drawing
import FirmwareConfiguration
import Pictures
import QTest
import RAMFramebuffer
import Testing
import VirtualMachine

extension EmulatedMachines {
  /// ramfb, seen from outside.
  @Suite struct RAMFramebufferScreenTests {
    typealias Firmware = FirmwareDevice<QTestRegisters, QTestMemory>

    private func open(_ machine: QTestMachine) throws -> Firmware {
      if machine.kind == .aarch64Virt {
        let registers = machine.registers(at: 0x0902_0000, byteCount: FirmwareInterface.memory.byteCount)
        return try Firmware(registers, interface: .memory, memory: machine.memory)
      }
      let ports = machine.ports(at: FirmwareInterface.firstPort, byteCount: FirmwareInterface.ports.byteCount)
      return try Firmware(ports, interface: .ports, memory: machine.memory)
    }

    /// Modes one after the other, with rows that have a gap, and both formats that QEMU knows.
    @Test(arguments: [MachineKind.q35, .aarch64Virt]) func everyMode_showsWhatWasDrawn(_ kind: MachineKind) throws {
      let machine = try QTestMachine(QTestMachine.Configuration(kind, arguments: ["-device", "ramfb,id=fb0"]))
      do {
        var waiter = machine.waiter
        var firmware = try open(machine)
        var screen = try RAMFramebuffer(
          width: 321, height: 200, memory: machine.memory, through: &firmware, waiter: &waiter)
        let modes: [(Int, Int, PixelFormat, Int?)] = [
          (321, 200, .bgrx, nil), (640, 480, .bgra, nil), (99, 57, .bgrx, 512), (16, 16, .bgrx, nil),
        ]
        for (seed, (width, height, format, row)) in modes.enumerated() {
          if seed > 0 {
            try screen.change(
              width: width, height: height, format: format, rowByteCount: row, memory: machine.memory,
              through: &firmware, waiter: &waiter)
          }
          screen.draw { canvas in canvas.pattern(canvas.bounds, seed: seed) }
          #expect(
            PictureDifference(try machine.emulator.picture(), width: width, height: height) {
              patternColor($0, $1, seed: seed)
            } == .none, "\(width)x\(height)")
          // The comparison sees one pixel.
          screen.draw { canvas in canvas.set(x: width - 1, y: height - 1, to: patternColor(0, 0, seed: seed + 99)) }
          #expect(
            PictureDifference(try machine.emulator.picture(), width: width, height: height) {
              patternColor($0, $1, seed: seed)
            }.count == 1)
        }
      }
      #expect(machine.memory.buffersInUse == 1 && machine.memory.buffersLost == 1)
      #expect(machine.failure == nil && machine.stop() == .exited(0) && machine.standardError == "")
    }

    @Test func machineWithoutRamfb_saysSo() throws {
      let machine = try QTestMachine(QTestMachine.Configuration(.q35))
      var waiter = machine.waiter
      var firmware = try open(machine)
      #expect(throws: RAMFramebufferError.missing) {
        _ = try RAMFramebuffer(width: 64, height: 64, memory: machine.memory, through: &firmware, waiter: &waiter)
      }
    }
  }
}
