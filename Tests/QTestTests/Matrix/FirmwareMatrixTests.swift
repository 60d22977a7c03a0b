import DevicePlatform
import FirmwareConfiguration
import QTest
import Testing

extension EmulatedMachines {
  /// The fw_cfg driver against QEMU's device: every method on each machine that has one.
  @Suite struct FirmwareMatrixTests {
    typealias Firmware = FirmwareDevice<QTestRegisters, QTestMemory>

    private func open(_ machine: QTestMachine) throws -> Firmware {
      switch machine.kind {
      case .q35, .microvm, .microvmPCI:
        let ports = machine.ports(at: FirmwareInterface.firstPort, byteCount: FirmwareInterface.ports.byteCount)
        return try Firmware(ports, interface: .ports, memory: machine.memory)
      case .aarch64Virt:
        let registers = machine.registers(at: 0x0902_0000, byteCount: FirmwareInterface.memory.byteCount)
        return try Firmware(registers, interface: .memory, memory: machine.memory)
      case .riscv64Virt:
        let registers = machine.registers(at: 0x1010_0000, byteCount: FirmwareInterface.memory.byteCount)
        return try Firmware(registers, interface: .memory, memory: machine.memory)
      }
    }

    private func expectCleanEnd(_ machine: QTestMachine) {
      #expect(machine.memory.buffersInUse == 0 && machine.memory.buffersLost == 0)
      #expect(machine.failure == nil)
      #expect(machine.stop() == .exited(0))
      #expect(machine.standardError == "")
    }

    // QEMU 7.2 has the device on riscv64 too, but takes no files for it: its boot files are read below.
    @Test(arguments: [MachineKind.q35, .microvm, .aarch64Virt])
    func file_fromTheCommandLine_isReadBackByEveryMethod(_ kind: MachineKind) throws {
      let text = pattern(sector: 3, count: 6, seed: 0x42).dropLast(5)
      let machine = try QTestMachine(
        QTestMachine.Configuration(
          kind,
          arguments: [
            "-fw_cfg", "name=opt/vireo/file,file=\(QTestMachine.path(ofFile: 0))", "-fw_cfg",
            "name=opt/vireo/text,string=forty-two",
          ], files: [try MemoryFile(contents: Array(text))]))
      do {
        var waiter = machine.waiter
        var firmware = try open(machine)
        #expect(firmware.features == [.dataRegister, .dma])
        let files = try firmware.directory()
        #expect(files.count >= 2)
        let file = try #require(files.first { $0.name == "opt/vireo/file" })
        #expect(Int(file.byteCount) == text.count)

        // The data register, from the beginning and from the middle.
        #expect(try firmware.contents(of: file, limit: text.count) == Array(text))
        var part = [UInt8](repeating: 0, count: 20)
        var span = part.mutableSpan
        try firmware.read(file.item, from: 100, into: &span)
        #expect(part == Array(text[100..<120]))

        // DMA, from the beginning, from the middle, and past the end.
        #expect(try firmware.contents(of: file, limit: text.count, waiter: &waiter) == Array(text))
        var buffer = try machine.memory.allocate(byteCount: 1000)
        try firmware.read(file.item, from: UInt32(text.count - 900), into: &buffer, waiter: &waiter)
        #expect(buffer.array(1000) == Array(text.suffix(900)) + [UInt8](repeating: 0, count: 100))

        let short = try #require(try firmware.file(named: "opt/vireo/text"))
        #expect(try firmware.contents(of: short, limit: 100, waiter: &waiter) == Array("forty-two".utf8))

        // A file that is not to be written: the device says so, and goes on.
        #expect(throws: FirmwareError.self) {
          try firmware.write(file.item, from: &buffer, waiter: &waiter)
        }
        #expect(try firmware.contents(of: file, limit: text.count, waiter: &waiter) == Array(text))
      }
      expectCleanEnd(machine)
    }

    /// The generation counter's address is a file that the guest writes.
    @Test func writableFile_isReadBackAsWritten() throws {
      let machine = try QTestMachine(
        QTestMachine.Configuration(.q35, arguments: ["-device", "vmgenid,guid=324e6eaf-d1d1-4bf6-bf41-b9bb6c91fb87"]))
      do {
        var waiter = machine.waiter
        var firmware = try open(machine)
        let file = try #require(try firmware.file(named: "etc/vmgenid_addr"))
        #expect(try firmware.contents(of: file, limit: 8) == [UInt8](repeating: 0, count: 8))
        var buffer = try machine.memory.allocate(byteCount: 8)
        for index in 0..<8 { buffer[index] = index == 1 ? 0x40 : 0 }
        try firmware.write(file.item, from: &buffer, waiter: &waiter)
        #expect(try firmware.contents(of: file, limit: 8) == [0, 0x40, 0, 0, 0, 0, 0, 0])
        try firmware.write(file.item, at: 7, from: &buffer, waiter: &waiter)
      } catch let error as FirmwareError {
        // Eight bytes from the last one on do not fit.
        guard case .transferRefused = error else { throw error }
      }
      expectCleanEnd(machine)
    }

    /// On aarch64 a firmware is enough for QEMU to leave the loading to it; on riscv64 flash has to be there as well.
    @Test(arguments: [MachineKind.aarch64Virt, .riscv64Virt])
    func kernelDiskAndCommandLine_onAMachineWithFirmware_areReadByEveryMethod(_ kind: MachineKind) throws {
      let kernel = pattern(sector: 1, count: 3)
      let disk = pattern(sector: 9, count: 2)
      var arguments = [
        "-kernel", QTestMachine.path(ofFile: 0), "-initrd", QTestMachine.path(ofFile: 1), "-append", "tour quiet=1",
      ]
      var files = [try MemoryFile(contents: kernel), try MemoryFile(contents: disk)]
      if kind == .riscv64Virt {
        files.append(try MemoryFile(byteCount: 32 << 20))
        arguments += ["-drive", "if=pflash,unit=1,format=raw,file=\(QTestMachine.path(ofFile: 2))"]
      }
      let machine = try QTestMachine(QTestMachine.Configuration(kind, arguments: arguments, files: files))
      do {
        var waiter = machine.waiter
        var firmware = try open(machine)
        #expect(firmware.features == [.dataRegister, .dma])
        let kernelFile = try #require(try firmware.bootFile(.kernel))
        #expect(try firmware.contents(of: kernelFile, limit: 4096) == kernel)
        #expect(try firmware.contents(of: kernelFile, limit: 4096, waiter: &waiter) == kernel)
        let diskFile = try #require(try firmware.bootFile(.initialDisk))
        #expect(try firmware.contents(of: diskFile, limit: 4096) == disk)
        #expect(try firmware.contents(of: diskFile, limit: 4096, waiter: &waiter) == disk)
        #expect(try firmware.commandLine() == "tour quiet=1")
        #expect(try firmware.directory().count > 0)
      }
      expectCleanEnd(machine)
    }

    @Test(arguments: [(MachineKind.q35, ["FACP", "APIC", "HPET"]), (.aarch64Virt, ["GTDT", "APIC", "MCFG"])])
    func tables_thatQEMUBuilds_areListed(_ kind: MachineKind, _ typical: [String]) throws {
      let machine = try QTestMachine(QTestMachine.Configuration(kind))
      do {
        var waiter = machine.waiter
        var firmware = try open(machine)
        let tables = try firmware.acpiTables(waiter: &waiter)
        for signature in ["DSDT"] + typical {
          #expect(tables.contains { $0.signature == signature }, "\(signature) in \(tables.map(\.signature))")
        }
        let structures = try firmware.smbiosStructures(waiter: &waiter)
        #expect(structures.contains { $0.kind == 1 } && structures.last?.kind == 127)
        #expect(try firmware.file(named: ACPITable.rootFileName) != nil)
        #expect(try firmware.file(named: SMBIOSStructure.anchorFileName) != nil)
      }
      expectCleanEnd(machine)
    }

    @Test func open_whereNothingIs_isAnError() throws {
      let machine = try QTestMachine(QTestMachine.Configuration(.riscv64Virt))
      #expect(throws: FirmwareError.noSignature(found: 0)) {
        _ = try Firmware(
          machine.registers(at: 0x1020_0000, byteCount: 24), interface: .memory, memory: machine.memory)
      }
      expectCleanEnd(machine)
    }

    @Test func bootFile_onAMachineWithoutKernel_isNil() throws {
      let machine = try QTestMachine(QTestMachine.Configuration(.aarch64Virt))
      do {
        var firmware = try open(machine)
        for part in BootFile.allCases { #expect(try firmware.bootFile(part) == nil) }
      }
      expectCleanEnd(machine)
    }
  }
}
