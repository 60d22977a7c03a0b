import DevicePlatform
import Synchronization
import Testing

@testable import BareMetal

/// An I/O APIC's index, window and what is behind them.
private final class IndexedRegisters: RegisterAccess {
  private let state: Mutex<(index: UInt32, words: [UInt32: UInt32])>
  let byteCount = 0x20

  init(version: UInt32) { state = Mutex((0, [1: version])) }

  subscript(index: UInt32) -> UInt32 { state.withLock { $0.words[index] ?? 0 } }

  func load32(at offset: Int) -> UInt32 { state.withLock { offset == 0x10 ? $0.words[$0.index] ?? 0 : $0.index } }
  func store32(_ value: UInt32, at offset: Int) {
    state.withLock { if offset == 0x10 { $0.words[$0.index] = value } else { $0.index = value } }
  }
  func load8(at offset: Int) -> UInt8 { UInt8(truncatingIfNeeded: load32(at: offset)) }
  func load16(at offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: load32(at: offset)) }
  func store8(_ value: UInt8, at offset: Int) { store32(UInt32(value), at: offset) }
  func store16(_ value: UInt16, at offset: Int) { store32(UInt32(value), at: offset) }
  func window(at offset: Int, byteCount: Int) -> IndexedRegisters { self }
}

struct IOAPICTests {
  @Test func version_saysHowManyInputs() {
    #expect(IOAPIC(IndexedRegisters(version: 0x0017_0020))?.inputCount == 24)
    #expect(IOAPIC(IndexedRegisters(version: 0)) == nil, "nothing answers")
    #expect(IOAPIC(IndexedRegisters(version: .max)) == nil, "nothing answers")
  }

  @Test(arguments: [(.edge, 0x43), (.level, 0x8043), (.levelLow, 0xa043)] as [(InterruptTrigger, UInt32)])
  func enable_writesTheRedirectionEntry(trigger: InterruptTrigger, low: UInt32) throws {
    let registers = IndexedRegisters(version: 0x0017_0020)
    let apic = try #require(IOAPIC(registers))
    apic.enable(19, trigger: trigger, vector: 0x43, processor: 3)
    #expect(registers[0x36] == low && registers[0x37] == 3 << 24)
    apic.mask(19)
    #expect(registers[0x36] == low | 1 << 16)
    apic.unmask(19)
    #expect(registers[0x36] == low)
  }

  @Test func start_masksEveryInput() throws {
    let registers = IndexedRegisters(version: 0x0017_0020)
    let apic = try #require(IOAPIC(registers))
    apic.start()
    for input in 0..<24 as Range<UInt32> { #expect(registers[0x10 + 2 * input] == 1 << 16) }
    #expect(registers[0x40] == 0)
  }
}

struct LocalAPICTests {
  @Test func start_keepsOldControllersAndTimerOut() {
    let registers = RecordedRegisters(byteCount: 0x1000)
    LocalAPIC(registers).start(spuriousVector: 0xff)
    #expect(registers.has(0x1ff, at: 0xf0))
    #expect(registers.has(0x10, at: 0x80), "no message raises an exception's vector")
    for offset in [0x320, 0x350, 0x370] { #expect(registers.has(0x1_00ff, at: offset)) }
    #expect(!registers.writes.contains { $0.offset == 0x360 }, "the non-maskable interrupt stays")
  }

  @Test func pending_isTheVectorsBit() {
    let registers = RecordedRegisters(byteCount: 0x1000, words: [0x230: 1 << 5, 0x20: 7 << 24])
    #expect(LocalAPIC(registers).isPending(0x65) && !LocalAPIC(registers).isPending(0x64))
    #expect(LocalAPIC(registers).number == 7)
  }

  @Test func timer_countStartsLast() {
    let registers = RecordedRegisters(byteCount: 0x1000)
    LocalAPIC(registers).startTimer(1_000, vector: 0xf0)
    #expect(registers.writes == [.init(3, at: 0x3e0), .init(0xf0, at: 0x320), .init(1_000, at: 0x380)])
  }

  @Test func message_isAddressAndVector() {
    let message = APICVector.message(0x61, to: 2)
    #expect(message.address == 0xfee0_2000 && message.data == 0x61)
  }

  @Test func vectors_ofAllLines_areApartFromOthers() {
    let vectors = (0..<APICVector.messageLines.upperBound).map { APICVector.vector(of: $0) }
    #expect(vectors.first == 0x30 && vectors.last == 0xef && Set(vectors).count == vectors.count)
    #expect(!vectors.contains(APICVector.timer) && !vectors.contains(APICVector.spurious))
  }
}

struct TimerScaleTests {
  @Test func count_isAtLeastTheSpan() throws {
    // 62.5 MHz: 625 000 counts in 10 ms.
    let scale = try #require(TimerScale(count: 625_000, nanoseconds: 10_000_000))
    #expect(scale.count(0) == 1)
    #expect((62_500...62_502).contains(scale.count(1_000_000)))
    #expect(scale.count(100_000_000_000) == .max, "farther than 32 bits count: early")
    #expect(scale.count(.max) == .max)
  }

  @Test func timerThatDoesNotCount_isRefused() {
    #expect(TimerScale(count: 0, nanoseconds: 10_000_000) == nil)
    #expect(TimerScale(count: 1, nanoseconds: 0) == nil)
    #expect(TimerScale(count: 1, nanoseconds: .max) == nil)
  }
}
