import DevicePlatform
import Machine
import VirtIO
import VirtIOBlock
import VirtIOMMIO

/// Brings up the first disk and prints one of its sectors.
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
    guard let status = printSector() else {
      console.log("no disk in \(Board.slotCount) slots")
      return .noDisk
    }
    // The disk is gone by now, and its queue: every buffer came home.
    console.log("\(memory.buffersInUse) buffers in use")
    return memory.buffersInUse == 0 ? status : .leaked
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
    for index in 0..<Board.slotCount {
      guard let transport = transport(inSlot: index), transport.deviceType == .block else { continue }
      do throws(BringupError) {
        return try BlockDevice(transport, waiter: &waiter)
      } catch {
        console.log("slot \(index): \(error.words)")
      }
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

  /// Lines of 32 bytes, in hexadecimal.
  private func print(_ bytes: [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: 32) {
      var line = "sector \(Self.sector):"
      for byte in bytes[start..<min(start + 32, bytes.count)] {
        line += (byte < 16 ? " 0" : " ") + String(byte, radix: 16)
      }
      console.log(line)
    }
  }
}

/// How the kernel ends; 3 is an exception (boot.S).
enum ExitStatus: UInt32 {
  case success = 0
  case noDisk = 5
  case failed = 6
  case leaked = 7
}
