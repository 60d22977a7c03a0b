import DevicePlatform
import FirmwareConfiguration
import VirtIOTestSupport

/// The driver of fw_cfg: data register, directory, transfers.
enum FirmwareTarget {
  typealias Registers = HostileRegisters<ScriptedFirmwareRegisters>
  typealias Device = FirmwareDevice<Registers, ObservedMemory>

  /// The first byte chooses the interface, and whether the device can transfer.
  static func run(_ bytes: [UInt8]) -> [String] {
    let decisions = Decisions(bytes)
    let choice = decisions.byte()
    let heap = DeviceHeap()
    defer { heap.discardAll() }
    let observer = AccessObserver()
    // Every byte is an access, and reading one register again and again is how it is done.
    let adversary = Adversary(decisions, stepLimit: 2_000_000, patience: .max)
    adversary.attach(to: observer, heap)
    let life = FirmwareLife(
      device: ScriptedFirmware(heap: heap), memory: ObservedMemory(heap: heap, observer: observer),
      adversary: adversary, isPortMapped: choice & 1 != 0, hasDMA: choice & 2 != 0)
    life.fill()
    adversary.move = life.move
    life.live()
    let lost = life.memory.buffersLost
    if life.memory.buffersInUse != lost {
      adversary.report("\(life.memory.buffersInUse) buffers in use, \(lost) of them lost")
    }
    if !adversary.isHung {
      decisions.stop()
      life.fill()
      life.serve()
      if life.memory.buffersInUse != lost { adversary.report("the second life left buffers") }
    }
    // Both know each other.
    adversary.move = { _ in }
    observer.hook = nil
    return adversary.findings + heap.violations
  }
}

/// One device, and what is done with it.
struct FirmwareLife {
  let device: ScriptedFirmware
  let memory: ObservedMemory
  let adversary: Adversary
  let isPortMapped: Bool
  let hasDMA: Bool

  private static let text = Array("settings of the machine".utf8)
  private static let tables = Array("FACS".utf8) + [36, 0, 0, 0] + [UInt8](repeating: 0, count: 28)

  /// What the device is when it behaves.
  func fill() {
    device.setTransfers(.atOnce)
    device.setDMASignature(Array("QEMU CFG".utf8))
    device.setItem(0, Array("QEMU".utf8))
    device.setItem(1, [hasDMA ? 3 : 1, 0, 0, 0])
    device.setItem(0x14, [5, 0, 0, 0])
    device.setItem(0x15, Array("boot\0".utf8))
    device.setItem(0x19, [0, 0, 0, 0])
    device.addFile("opt/org.example/text", number: 0x20, Self.text, isWritable: true)
    device.addFile("etc/acpi/tables", number: 0x21, Self.tables)
    device.addFile("etc/smbios/smbios-tables", number: 0x22, [127, 4, 0, 0, 0, 0])
  }

  func move(_ choice: UInt8) {
    let decisions = adversary.decisions
    switch choice {
    case 0..<8: device.finishTransfer()
    case 8: device.setTransfers(.later)
    case 9: device.setTransfers(.refused)
    case 10..<14: device.setTransfers(.atOnce)
    case 14: device.setDirectoryCount(decisions.word())
    case 15: device.setDirectoryCount(UInt32(decisions.byte()))
    case 16:
      let name = (0..<Int(decisions.byte() & 63)).map { _ in decisions.byte() }
      device.addEntry(name: name, number: UInt16(decisions.byte()) << 2, byteCount: decisions.word())
    case 17: device.addEntry(name: Array("etc/acpi/tables".utf8), number: 0x30, byteCount: UInt32(decisions.byte()))
    case 18...20:
      let number = UInt16(0x20 + (choice - 18))
      device.setItem(number, (0..<Int(decisions.byte())).map { _ in decisions.byte() })
    case 21: device.setItem(UInt16(decisions.byte() & 31), (0..<4).map { _ in decisions.byte() })
    case 22: device.setDMASignature((0..<8).map { _ in decisions.byte() })
    case 23...25: memory.provider.heap.scribble(range: decisions.byte(), at: decisions.word(), decisions.byte())
    default: break
    }
  }

  private func open() throws(FirmwareError) -> FirmwareTarget.Device {
    try FirmwareDevice(
      HostileRegisters(device.registers(isPortMapped: isPortMapped), of: adversary),
      interface: isPortMapped ? .ports : .memory, memory: memory)
  }

  private var waiter: TestWaiter {
    TestWaiter(step: .milliseconds(400), limit: .max, onWait: { [adversary] in adversary.act() })
  }

  func live() {
    var waiter = waiter
    guard var firmware = try? open() else { return }
    var calls = 0
    while let choice = adversary.decisions.next(), calls < 32 {
      calls += 1
      do throws(FirmwareError) { try call(choice, &firmware, &waiter) } catch {
        if case .timedOut = error { continue }
        // Only a transfer that never ended may keep memory.
        if memory.buffersLost == 0, case .abandoned = error { adversary.report("abandoned, and nothing lost") }
      }
    }
  }

  private func call(
    _ choice: UInt8, _ firmware: inout FirmwareTarget.Device, _ waiter: inout TestWaiter
  ) throws(FirmwareError) {
    let decisions = adversary.decisions
    switch choice & 7 {
    case 0:
      let files = try firmware.directory(limit: 64)
      check(files)
      for file in files.prefix(2) { check(try firmware.contents(of: file, limit: 600), file) }
    case 1:
      for file in try firmware.directory().prefix(3) {
        check(try firmware.contents(of: file, limit: 600, waiter: &waiter, timeout: .seconds(1)), file)
      }
    case 2:
      guard var buffer = try? memory.allocate(byteCount: 64) else { return }
      let item = FirmwareItem(rawValue: UInt16(decisions.byte()))
      try firmware.read(item, from: UInt32(choice >> 3), into: &buffer, waiter: &waiter, timeout: .seconds(1))
      if buffer.count != 64 { adversary.report("a buffer of \(buffer.count) bytes came back, 64 went") }
    case 3:
      guard var buffer = try? memory.allocate(byteCount: 16) else { return }
      try firmware.write(
        FirmwareItem(rawValue: 0x20), at: UInt32(choice >> 3), from: &buffer, waiter: &waiter, timeout: .seconds(1))
    case 4: _ = try firmware.commandLine(limit: 600)
    case 5: _ = try firmware.acpiTables(limit: 600, waiter: &waiter)
    case 6: _ = try firmware.smbiosStructures(limit: 600, waiter: &waiter)
    default:
      var bytes = [UInt8](repeating: 0, count: Int(choice >> 3))
      var span = bytes.mutableSpan
      try firmware.read(FirmwareItem(rawValue: 0x20), from: 3, into: &span)
    }
  }

  /// What a directory may be relied on for.
  func check(_ files: [FirmwareFile]) {
    for file in files {
      if !(1...55 ~= file.name.utf8.count) || !file.name.utf8.allSatisfy({ 0x20...0x7e ~= $0 }) {
        adversary.report("a file is called \(file.name)")
      }
      if !(0x20...0x3fff ~= file.item.rawValue) { adversary.report("a file has number \(file.item.rawValue)") }
    }
    if Set(files.map(\.name)).count != files.count || Set(files.map(\.item)).count != files.count {
      adversary.report("two files have the same name or number")
    }
  }

  func check(_ contents: [UInt8], _ file: FirmwareFile) {
    if contents.count != Int(file.byteCount) || contents.count > 600 {
      adversary.report("\(contents.count) bytes of a file of \(file.byteCount)")
    }
  }

  /// A device that behaves is read as it is, opened anew.
  func serve() {
    var waiter = waiter
    do throws(FirmwareError) {
      var firmware = try open()
      guard let file = try firmware.file(named: "opt/org.example/text") else {
        return adversary.report("no file after the device came to its senses")
      }
      let slow = try firmware.contents(of: file, limit: 100)
      let fast = try firmware.contents(of: file, limit: 100, waiter: &waiter)
      if slow != Self.text || fast != Self.text { adversary.report("a file has other contents") }
      if try firmware.acpiTables(waiter: &waiter).map(\.signature) != ["FACS"] { adversary.report("other tables") }
    } catch { adversary.report("no service after the device came to its senses: \(error.words)") }
  }
}
