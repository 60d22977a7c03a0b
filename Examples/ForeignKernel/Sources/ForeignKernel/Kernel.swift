import DevicePlatform
import Machine
import PlatformCheck
import VirtIO
import VirtIOBlock
import VirtIOMMIO

/// Brings up the first disk and prints one of its sectors; asks an entropy source for some bytes if there is one.
struct Kernel {
  typealias Memory = DMAPool<Pages>
  typealias Disk = BlockDevice<MMIOTransport<MappedRegisters, Memory>>

  /// The sector that is printed.
  static var sector: UInt64 { 3 }

  let console = Console()
  let memory = Memory(provider: Pages())
  var waiter = PollingWaiter(clock: SystemCounter())

  /// Returns the status for whoever started the machine.
  mutating func run() -> ExitStatus {
    checkOwnPlatform()
    printEntropy()
    guard let status = printSector() else {
      console.log("no disk in \(Board.slotCount) slots")
      return .noDisk
    }
    // The devices are gone by now, and their queues: every buffer came home.
    console.log("\(memory.buffersInUse) buffers in use")
    return memory.buffersInUse == 0 ? status : .leaked
  }

  /// Holds Platform.swift against what drivers rely on.
  private mutating func checkOwnPlatform() {
    let console = console
    let clock = waiter.clock
    let broken = checkPlatform(provider: memory.provider, clock: clock, waiter: &waiter) { finding in
      if finding.isBroken { console.log("platform: \(finding.words)") }
    }
    console.log("\(PlatformRule.allCases.count) platform checks, \(broken) rules broken")
  }

  private mutating func printSector() -> ExitStatus? {
    guard var disk = findDisk() else { return nil }
    let generation = disk.isLegacy ? "legacy" : "modern"
    console.log("disk of \(disk.geometry.sectorCount) sectors, \(generation), \(disk.location)")
    do throws(BlockError) {
      var buffer = try allocate(byteCount: BlockGeometry.sectorByteCount)
      try disk.read(sector: Self.sector, into: &buffer, waiter: &waiter)
      print(buffer.array(buffer.count))
      let before = machine_allocations()
      for _ in 0..<100 { try disk.read(sector: Self.sector, into: &buffer, waiter: &waiter) }
      let allocations = machine_allocations() - before
      console.log("100 more reads, \(allocations) allocations")
      return .success
    } catch {
      console.log("sector \(Self.sector): \(error.words)")
      return .failed
    }
  }

  private mutating func findDisk() -> Disk? {
    guard let transport = findDevice(.block) else { return nil }
    do throws(BringupError) {
      return try BlockDevice(transport, waiter: &waiter)
    } catch {
      console.log("disk: \(error.words)")
      return nil
    }
  }

  private mutating func printEntropy() {
    guard let transport = findDevice(.entropy) else { return }
    do throws(BringupError) {
      let before = machine_allocations()
      let completion = try Entropy.read(transport, tables: Board.takeTables(), waiter: &waiter)
      let allocations = machine_allocations() - before
      guard let completion else { return console.log("no entropy in time") }
      let count = Int(completion.written)
      console.log("\(count) bytes of entropy, \(allocations) allocations")
      console.log("entropy:" + hexadecimal(completion.takeBuffer().array(count)[...]))
    } catch {
      console.log("entropy: \(error.words)")
    }
  }

  /// The first device of a type.
  private func findDevice(_ type: DeviceType) -> MMIOTransport<MappedRegisters, Memory>? {
    for index in 0..<Board.slotCount {
      if let transport = transport(inSlot: index), transport.deviceType == type { return transport }
    }
    return nil
  }

  private func transport(inSlot index: Int) -> MMIOTransport<MappedRegisters, Memory>? {
    do throws(TransportError) {
      return try MMIOTransport(registers: Board.slot(index), memory: memory, location: "slot \(index)")
    } catch {
      // An empty slot is no fault.
      if error != .noDevice { console.log("slot \(index): \(error.words)") }
      return nil
    }
  }

  private func allocate(byteCount: Int) throws(BlockError) -> DMABuffer {
    do throws(DMAError) { return try memory.allocate(byteCount: byteCount) } catch { throw .memory(error) }
  }

  /// Lines of 32 bytes.
  private func print(_ bytes: [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: 32) {
      console.log("sector \(Self.sector):" + hexadecimal(bytes[start..<min(start + 32, bytes.count)]))
    }
  }

  /// Two digits for each byte, after a space.
  private func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String {
    var digits = ""
    for byte in bytes { digits += (byte < 16 ? " 0" : " ") + String(byte, radix: 16) }
    return digits
  }
}

/// How the kernel ends; 3 is an exception (boot.S).
enum ExitStatus: UInt32 {
  case success = 0
  case noDisk = 5
  case failed = 6
  case leaked = 7
}
