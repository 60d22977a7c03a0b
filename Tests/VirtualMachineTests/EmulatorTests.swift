import Foundation
import Testing
import VirtualMachine

/// An emulator without a guest: what is done from outside.
@Suite(.serialized, .timeLimit(.minutes(1))) struct EmulatorTests {
  /// A PC whose processor runs nothing of interest.
  private func machine(_ arguments: [String] = [], files: [any InheritedFile] = []) throws -> Emulator {
    try Emulator(.init("qemu-system-x86_64", ["-M", "q35", "-accel", "tcg", "-m", "64"] + arguments, files: files))
  }

  @Test func start_badArgument_saysWhatTheEmulatorSaid() throws {
    let error = #expect(throws: VirtualMachineError.self) { try machine(["-device", "virtio-nonsense"]) }
    #expect(error?.words.contains("'virtio-nonsense' is not a valid device model name") == true)
    #expect(error?.words.hasPrefix("qemu-system-x86_64 ended with status 1: ") == true)
  }

  @Test func start_missingProgram_isNamed() {
    #expect(throws: VirtualMachineError.programMissing("qemu-system-nonsense")) {
      try Emulator(.init("qemu-system-nonsense", []))
    }
  }

  @Test func start_noEmulator_isNoHang() {
    #expect(throws: VirtualMachineError.self) { try Emulator(.init("cat", [])) }
  }

  @Test func serial_firmwareSpeaks_isHeard() throws {
    // SeaBIOS prints to a port that a debug console can be put at.
    let machine = try machine(["-chardev", "stdio,id=c0", "-device", "isa-debugcon,iobase=0x402,chardev=c0"])
    let line = try machine.serial.waitForLine(within: .seconds(20)) { $0.contains("SeaBIOS") }
    #expect(machine.serial.lines.contains(line))
    let late = VirtualMachineError.deadlinePassed(waitingFor: "a line on the serial line", milliseconds: 20)
    #expect(throws: late) { try machine.serial.waitForLine(within: .milliseconds(20)) { $0 == "no such line" } }
    machine.process.kill()
    let ended = VirtualMachineError.ended(
      program: "qemu-system-x86_64", status: .signalled(SIGKILL), standardError: "")
    #expect(throws: ended) { try machine.serial.waitForLine(within: .seconds(5)) { $0 == "no such line" } }
    #expect(throws: ended) { try machine.monitor.execute("query-status") }
  }

  @Test func screenshot_isAPictureInBothFormats() throws {
    let machine = try machine(["-device", "VGA,id=vga0"])
    let picture = try machine.screenshot(device: "vga0")
    #expect(picture.width >= 640 && picture.height >= 400)
    #expect(picture.bytes.count == 3 * picture.width * picture.height)
    let file = try machine.screenshotFile(.png)
    #expect(Array(file.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(throws: VirtualMachineError.self) { try machine.screenshot(device: "vga1") }
    // A refusal leaves the next one as good as the first.
    #expect(try machine.screenshot() == picture || picture.bytes.count > 0)
  }

  @Test func inputs_areTakenOrRefusedByName() throws {
    let machine = try machine(["-device", "virtio-keyboard-pci", "-device", "virtio-tablet-pci"])
    try machine.send(.key("a"))
    try machine.send(.keyState("shift", isDown: true))
    try machine.send(.place(x: 0, y: 32_767))
    try machine.send(.button("left", isDown: true))
    try machine.press(["ctrl", "alt", "delete"])
    #expect(throws: VirtualMachineError.self) { try machine.send(.key("nonsense")) }
    #expect(throws: VirtualMachineError.self) { try machine.send(.button("nonsense", isDown: true)) }
    #expect(machine.monitor.failure == nil)
  }

  @Test func faults_areDoneAndTold() throws {
    let disk = try MemoryFile(byteCount: 1 << 20)
    let machine = try machine(
      [
        "-blockdev", "driver=file,node-name=f0,filename=\(Emulator.path(ofFile: 0))",
        "-device", "virtio-blk-pci,drive=f0,id=disk0", "-netdev", "hubport,id=n0,hubid=0",
        "-device", "virtio-net-pci,netdev=n0,id=net0",
      ], files: [disk])
    try machine.setLink("net0", isUp: false)
    try machine.setLink("net0", isUp: true)
    #expect(throws: VirtualMachineError.self) { try machine.setLink("net1", isUp: false) }
    try machine.resize(node: "f0", byteCount: 2 << 20)
    #expect(try disk.currentByteCount() == 2 << 20)
    try machine.pause()
    #expect(try machine.monitor.execute("query-status")["status"]?.text == "paused")
    try machine.resume()
    try machine.reset()
    #expect(throws: VirtualMachineError.self) { try machine.unplug("disk1") }
    #expect(try machine.monitor.virtioDevices().map(\.name) == ["virtio-net", "virtio-blk"])
  }

  @Test func freeze_makesAnswersLate() throws {
    let machine = try machine()
    machine.process.freeze()
    machine.monitor.timeout = 100
    let late = VirtualMachineError.deadlinePassed(waitingFor: "QMP: answer to query-status", milliseconds: 100)
    #expect(throws: late) { try machine.monitor.execute("query-status") }
    #expect(machine.stop() == .signalled(SIGKILL))
  }

  @Test func faultyDisk_failsWhatItIsToldTo() throws {
    let file = try MemoryFile(contents: [UInt8](repeating: 0x5e, count: 1 << 20))
    let disk = FaultyDisk(
      node: "bad", path: Emulator.path(ofFile: 0),
      errors: [.init(.read, errno: EIO, sector: 8), .init(.write, errno: ENOSPC, isOnce: true)])
    let machine = try machine(disk.arguments, files: [file])
    // What the command prints goes to the emulator's standard output.
    func expect(_ command: String, _ printed: String) throws {
      try machine.monitor.executeHuman("qemu-io bad \"\(command)\"")
      try machine.serial.waitForLine(within: .seconds(10)) { $0.contains(printed) }
    }
    try expect("read -P 0x5e 0 4096", "read 4096/4096 bytes")
    try expect("read 4096 512", "read failed: Input/output error")
    try expect("write 0 512", "write failed: No space left on device")
    try expect("write -P 1 0 512", "wrote 512/512 bytes")
    #expect(try file.read(at: 0, byteCount: 1) == [1])
  }

  @Test func heldRequest_isReleased() throws {
    let file = try MemoryFile(byteCount: 1 << 20)
    let disk = FaultyDisk(node: "slow", path: Emulator.path(ofFile: 0))
    let machine = try machine(
      disk.arguments + ["-device", "virtio-blk-pci,drive=slow,id=disk0"], files: [file])
    // Through the device: requests of the monitor's own are awaited by the command.
    func request(_ command: String) throws {
      try machine.monitor.executeHuman("qemu-io -d /machine/peripheral/disk0/virtio-backend \"\(command)\"")
    }
    try machine.hold(node: "slow", event: "write_aio", tag: "A")
    try request("aio_write -P 7 0 512")
    try request("aio_write -P 8 512 512")
    try machine.serial.waitForLine(within: .seconds(10)) { $0.contains("wrote 512/512 bytes at offset 512") }
    #expect(try file.read(at: 0, byteCount: 1) == [0])
    #expect(try file.read(at: 512, byteCount: 1) == [8])
    try machine.release(node: "slow", tag: "A")
    try machine.serial.waitForLine(within: .seconds(10)) { $0.contains("wrote 512/512 bytes at offset 0") }
    #expect(try file.read(at: 0, byteCount: 1) == [7])
  }
}
