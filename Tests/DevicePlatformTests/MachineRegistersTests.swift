import DevicePlatform
import Testing

/// One type for both spaces. Only the memory side can be tried in a process; the other is forwarded the same way.
struct MachineRegistersTests {
  @Test func memory_everyAccess_reachesTheWindow() {
    let registers = RegisterWindowTests.Registers()
    let window = MachineRegisters.memory(registers.window)
    #expect(window.byteCount == 16)
    window.store8(0x12, at: 1)
    window.store16(0x3456, at: 2)
    window.window(at: 8, byteCount: 8).window(at: 4, byteCount: 4).store32(0x789a_bcde, at: 0)
    #expect(
      registers.bytes == [0xee, 0x12, 0x56, 0x34] + Array(repeating: 0xee, count: 8) + [0xde, 0xbc, 0x9a, 0x78]
        + Array(repeating: 0xee, count: 16))
    #expect(window.load8(at: 1) == 0x12)
    #expect(window.load16(at: 2) == 0x3456)
    #expect(window.load32(at: 12) == 0x789a_bcde)
    _ = consume registers
  }

  @Test func memory_outside_ends() async {
    await #expect(processExitsWith: .failure) {
      _ = MachineRegisters.memory(RegisterWindowTests.Registers().window).load8(at: 16)
    }
    await #expect(processExitsWith: .failure) {
      _ = MachineRegisters.memory(RegisterWindowTests.Registers().window).window(at: 8, byteCount: 9)
    }
  }

  #if arch(x86_64)
    @Test func ports_window_keepsItsSize() {
      // Made and cut, never accessed: a process may not.
      let window = MachineRegisters.ports(unsafe PortRegisters(unsafePort: 0xc000, byteCount: 32))
      #expect(window.byteCount == 32)
      guard case .ports(let part) = window.window(at: 0x10, byteCount: 2) else {
        Issue.record("a part of ports is not ports")
        return
      }
      #expect(part.byteCount == 2)
    }
  #endif
}
