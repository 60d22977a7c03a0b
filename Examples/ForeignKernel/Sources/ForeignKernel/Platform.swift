// All that this kernel implements for Vireo: registers, a log, a clock, memory that devices can reach.
import DevicePlatform
import Machine
import Synchronization
import VirtIO

// MARK: Registers

/// QEMU's aarch64 `virt`, as far as this kernel knows it.
enum Board {
  /// The console: a PL011.
  static var console: MappedRegisters { registers(at: 0x0900_0000, byteCount: 0x1000) }
  /// How many places for VirtIO devices there are, most of them empty.
  static var slotCount: Int { 32 }
  /// The registers of one of them.
  static func slot(_ index: Int) -> MappedRegisters {
    precondition(0..<slotCount ~= index, "slot")
    return registers(at: 0x0a00_0000 + UInt(index) * 0x200, byteCount: 0x200)
  }

  /// Private memory for one queue: whoever asks twice must not use both.
  static func takeTables() -> TableMemory {
    // The linker script sets this range aside, and nothing else uses it.
    unsafe TableMemory(unsafeAddress: UInt(machine_tables_start()), byteCount: 4096)
  }

  private static func registers(at address: UInt, byteCount: Int) -> MappedRegisters {
    // The boot code maps the first GiB to itself, as device memory and for good.
    unsafe MappedRegisters(unsafeAddress: address, byteCount: byteCount)
  }
}

// MARK: Log

/// Lines on the serial port.
final class Console: LogSink {
  private let registers = Board.console

  init() {
    // UARTCR: UARTEN, TXE.
    registers.store32(1 << 0 | 1 << 8, at: 0x30)
  }

  func log(_ line: String) {
    for byte in line.utf8 { put(byte) }
    put(10)
  }

  private func put(_ byte: UInt8) {
    // UARTFR.TXFF: no room for another byte.
    while registers.load32(at: 0x18) & 1 << 5 != 0 {}
    registers.store32(UInt32(byte), at: 0)
  }
}

// MARK: Time

/// The processor's counter.
struct SystemCounter: Clock {
  private let frequency = UInt64(machine_counter_frequency())

  var now: MonotonicTime {
    let ticks = UInt64(machine_counter())
    // Seconds and the rest apart: the product of all ticks would overflow within minutes.
    let rest = ticks % frequency * 1_000_000_000 / frequency
    return MonotonicTime(nanoseconds: ticks / frequency * 1_000_000_000 + rest)
  }
}

// MARK: Memory

/// 64 pages, which CPU and devices see at the same addresses.
final class Pages: DMAProvider {
  private static let pageByteCount = 16384
  private static let pageCount = 64
  private let start = UInt(machine_dma_start())
  /// Bit n: page n is in use.
  private let used = Atomic<UInt64>(0)

  var access: DirectAccess { DirectAccess() }

  func reserve(byteCount: Int, alignment: Int) -> UInt? {
    guard let pages = Self.mask(byteCount), alignment <= Self.pageCount * Self.pageByteCount else { return nil }
    var first = 0
    while first + pages.nonzeroBitCount <= Self.pageCount {
      let run = pages << first
      let before = used.load(ordering: .relaxed)
      if before & run != 0 {
        first += max(1, alignment / Self.pageByteCount)
      } else if used.compareExchange(expected: before, desired: before | run, ordering: .acquiring).exchanged {
        return start + UInt(first * Self.pageByteCount)
      }
    }
    return nil
  }

  @unsafe func release(address: UInt, byteCount: Int) {
    guard let pages = Self.mask(byteCount) else { return }
    used.bitwiseAnd(~(pages << (Int(address - start) / Self.pageByteCount)), ordering: .releasing)
  }

  func share(address: UInt, byteCount: Int, direction: DMADirection) -> DeviceAddress? {
    DeviceAddress(UInt64(address))
  }

  func unshare(address: UInt, deviceAddress: DeviceAddress, byteCount: Int) {}

  /// As many low bits as `byteCount` needs pages; nil when there are not so many.
  private static func mask(_ byteCount: Int) -> UInt64? {
    let count = (byteCount - 1) / pageByteCount + 1
    return count <= pageCount ? UInt64.max >> (pageCount - count) : nil
  }
}
