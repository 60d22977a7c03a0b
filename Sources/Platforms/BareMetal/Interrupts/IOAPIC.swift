internal import DevicePlatform

/// An I/O APIC: turns the levels of its inputs into messages to local APICs.
struct IOAPIC<Registers: RegisterAccess>: Sendable {
  private let registers: Registers
  /// How many inputs it has.
  let inputCount: UInt32

  /// Takes over a window of at least 0x20 bytes; nil when there is no I/O APIC.
  init?(_ registers: Registers) {
    self.registers = registers
    registers.store32(1, at: 0x00)
    let version = registers.load32(at: 0x10)
    // Bits 0 to 7 are the version, never 0 or all ones; 16 to 23 the number of the last input.
    guard version & 0xff != 0, version & 0xff != 0xff else { return nil }
    inputCount = (version >> 16 & 0xff) + 1
  }

  /// The registers are reached through an index and a window: two accesses that nothing may come between.
  private func read(_ index: UInt32) -> UInt32 {
    registers.store32(index, at: 0x00)
    return registers.load32(at: 0x10)
  }

  private func write(_ value: UInt32, to index: UInt32) {
    registers.store32(index, at: 0x00)
    registers.store32(value, at: 0x10)
  }

  /// The lower half of an input's redirection entry.
  private func entry(_ input: UInt32) -> UInt32 { 0x10 + input * 2 }
  private static var maskBit: UInt32 { 1 << 16 }

  /// Masks all inputs.
  func start() { for input in 0..<inputCount { write(Self.maskBit, to: entry(input)) } }

  /// Has an input raise `vector` at the local APIC number `processor`: fixed delivery, physical destination.
  func enable(_ input: UInt32, trigger: InterruptTrigger, vector: UInt8, processor: UInt8) {
    mask(input)
    write(UInt32(processor) << 24, to: entry(input) + 1)
    // Bit 13: active low. Bit 15: level.
    let mode: UInt32 =
      switch trigger {
      case .edge: 0
      case .level: 1 << 15
      case .levelLow: 1 << 15 | 1 << 13
      }
    write(mode | UInt32(vector), to: entry(input))
  }

  /// Stops delivery.
  func mask(_ input: UInt32) { write(read(entry(input)) | Self.maskBit, to: entry(input)) }
  /// Resumes delivery.
  func unmask(_ input: UInt32) { write(read(entry(input)) & ~Self.maskBit, to: entry(input)) }
}
