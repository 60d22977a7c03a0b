import DevicePlatform
import Testing

/// Register windows over plain memory: width, place, and their ends.
struct RegisterWindowTests {
  /// Memory that stands for registers; aligned, and freed with the value.
  @safe
  struct Registers: ~Copyable {
    private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)
    init() { unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xee) }
    deinit { unsafe memory.deallocate() }
    var window: MappedRegisters {
      // The window is used only while this value lives.
      unsafe MappedRegisters(unsafeAddress: UInt(bitPattern: memory.baseAddress), byteCount: 16)
    }
    var bytes: [UInt8] { unsafe Array(memory) }
  }

  @Test func stores_eachWidth_touchJustTheirBytes() {
    let registers = Registers()
    let window = registers.window
    window.store8(0x12, at: 1)
    window.store16(0x3456, at: 2)
    window.store32(0x789a_bcde, at: 12)
    #expect(
      registers.bytes == [0xee, 0x12, 0x56, 0x34] + Array(repeating: 0xee, count: 8) + [0xde, 0xbc, 0x9a, 0x78]
        + Array(repeating: 0xee, count: 16))
    #expect(window.load8(at: 1) == 0x12)
    #expect(window.load16(at: 2) == 0x3456)
    #expect(window.load32(at: 12) == 0x789a_bcde)
    #expect(window.load32(at: 0) == 0x3456_12ee)
    _ = consume registers
  }

  @Test func window_ofAWindow_countsFromItsOwnStart() {
    let registers = Registers()
    let part = registers.window.window(at: 8, byteCount: 8).window(at: 4, byteCount: 4)
    part.store32(1, at: 0)
    #expect(registers.window.load32(at: 12) == 1)
    #expect(part.byteCount == 4)
    #expect(registers.window.window(at: 16, byteCount: 0).byteCount == 0)
    _ = consume registers
  }

  @Test func access_outsideOrMisaligned_ends() async {
    await #expect(processExitsWith: .failure) { _ = Registers().window.load8(at: 16) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.load8(at: -1) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.load16(at: 15) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.load32(at: 14) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.load32(at: 16) }
    await #expect(processExitsWith: .failure) { Registers().window.store32(0, at: .max - 3) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.window(at: 8, byteCount: 9) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.window(at: -4, byteCount: 4) }
    await #expect(processExitsWith: .failure) { _ = Registers().window.window(at: .max, byteCount: 4) }
    // A window smaller than the access.
    await #expect(processExitsWith: .failure) { _ = Registers().window.window(at: 0, byteCount: 2).load32(at: 0) }
    await #expect(processExitsWith: .failure) { _ = unsafe MappedRegisters(unsafeAddress: 2, byteCount: 4) }
    await #expect(processExitsWith: .success) {
      let registers = Registers()
      registers.window.store32(0, at: 12)
      _ = consume registers
    }
  }

  #if arch(x86_64)
    @Test func ports_beyondTheLast_end() async {
      await #expect(processExitsWith: .failure) { _ = unsafe PortRegisters(unsafePort: 0xfff8, byteCount: 9) }
      await #expect(processExitsWith: .failure) {
        _ = unsafe PortRegisters(unsafePort: 0xcf8, byteCount: 8).window(at: 4, byteCount: 5)
      }
      await #expect(processExitsWith: .success) {
        _ = unsafe PortRegisters(unsafePort: 0xfff8, byteCount: 8).window(at: 4, byteCount: 4)
      }
    }
  #endif
}
