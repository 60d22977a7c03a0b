import DevicePlatform
import Synchronization
import Testing

@testable import BareMetal

/// A window of registers that all read as one value, and remembers what was written.
private final class FakeRegisters: RegisterAccess {
  let byteCount = 0x1000
  let status: UInt32
  let statusOffset: Int
  private let log = Mutex<[UInt8]>([])

  init(status: UInt32, at offset: Int) {
    self.status = status
    statusOffset = offset
  }

  var written: [UInt8] { log.withLock { $0 } }

  func load8(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load32(at: offset)) }
  func load16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: load32(at: offset)) }
  func load32(at offset: Int) -> UInt32 { offset == statusOffset ? status : 0x41 }
  func store8(_ value: UInt8, at offset: Int) { store32(UInt32(value), at: offset) }
  func store16(_ value: UInt16, at offset: Int) { store32(UInt32(value), at: offset) }
  func store32(_ value: UInt32, at offset: Int) {
    if offset == 0 { log.withLock { $0.append(UInt8(truncatingIfNeeded: value)) } }
  }
  func window(at offset: Int, byteCount: Int) -> FakeRegisters { self }
}

struct SerialPortTests {
  @Test func hexadecimal_hasAllDigits() {
    let registers = FakeRegisters(status: 1 << 5, at: 5)
    UART16550(registers: registers).write(hexadecimal: 0x1234_5678_9abc_def0)
    #expect(String(decoding: registers.written, as: UTF8.self) == "0x123456789abcdef0")
  }

  @Test func uart16550_readsOnlyWhatIsThere() {
    #expect(UART16550(registers: FakeRegisters(status: 1, at: 5)).readByte() == 0x41)
    #expect(UART16550(registers: FakeRegisters(status: 1 << 5, at: 5)).readByte() == nil)
    #expect(UART16550(registers: FakeRegisters(status: 0xff, at: 5)).readByte() == nil, "no port there")
  }

  @Test func pl011_readsOnlyWhatIsThere() {
    #expect(PL011(registers: FakeRegisters(status: 0, at: 0x18)).readByte() == 0x41)
    #expect(PL011(registers: FakeRegisters(status: 1 << 4, at: 0x18)).readByte() == nil)
  }

  @Test func write_lineThatTakesNothing_losesTheByteAndReturns() {
    let registers = FakeRegisters(status: 1 << 5, at: 0x18)
    PL011(registers: registers).write(65)
    #expect(registers.written.isEmpty)
  }

  @Test func write_lineThatIsReady_takesText() {
    let registers = FakeRegisters(status: 0, at: 0x18)
    PL011(registers: registers).write("ok 1" as StaticString)
    PL011(registers: registers).write("\n" as String)
    #expect(registers.written == Array("ok 1\n".utf8))
  }
}
