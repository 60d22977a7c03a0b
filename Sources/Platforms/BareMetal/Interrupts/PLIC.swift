internal import DevicePlatform

/// RISC-V's platform-level interrupt controller, seen from one context (one hart in one mode).
struct PLIC<Registers: RegisterAccess>: Sendable {
  private let registers: Registers
  private let context: Int
  /// Lines are 1 ..< `lineCount`.
  let lineCount: UInt32

  /// Takes over a context; nil when the window is too small for it, or when there are no sources.
  ///
  /// - Parameters:
  ///   - registers: the whole controller: at least 0x201000 bytes, and 0x1000 more for each context before this one.
  ///   - sources: how many lines there are, 1 ... 1023.
  ///   - context: hart 0 mostly has 0 for the firmware and 1 for S-mode.
  init?(registers: Registers, sources: UInt32, context: UInt32) {
    guard sources >= 1, sources <= 1023, context < 15_872 else { return nil }
    guard registers.byteCount >= 0x20_1000 + Int(context) * 0x1000 else { return nil }
    self.registers = registers
    self.context = Int(context)
    lineCount = sources + 1
  }

  private func enableOffset(_ line: UInt32) -> Int { 0x2000 + context * 0x80 + Int(line / 32) * 4 }
  private var thresholdOffset: Int { 0x20_0000 + context * 0x1000 }

  /// All lines off in this context and of priority 0, which never interrupts; threshold 0.
  func start() {
    for line in stride(from: 0, to: lineCount, by: 32) { registers.store32(0, at: enableOffset(line)) }
    for line in 1..<lineCount { mask(line) }
    registers.store32(0, at: thresholdOffset)
  }

  /// True for lines that exist.
  func hasLine(_ line: UInt32) -> Bool { line >= 1 && line < lineCount }

  /// Has a line deliver to this context.
  func enable(_ line: UInt32) {
    let offset = enableOffset(line)
    registers.store32(registers.load32(at: offset) | 1 << (line % 32), at: offset)
    unmask(line)
  }

  /// Stops delivery, by priority: a line that were disabled between claim and completion would never be completed.
  func mask(_ line: UInt32) { registers.store32(0, at: Int(line) * 4) }
  /// Resumes delivery.
  func unmask(_ line: UInt32) { registers.store32(1, at: Int(line) * 4) }
  /// True when the line waits.
  func isPending(_ line: UInt32) -> Bool { registers.load32(at: 0x1000 + Int(line / 32) * 4) >> (line % 32) & 1 == 1 }

  /// The line that the hart was interrupted for; 0 is none.
  func claim() -> UInt32 { registers.load32(at: thresholdOffset + 4) }
  /// The counterpart of `claim`.
  func complete(_ line: UInt32) { registers.store32(line, at: thresholdOffset + 4) }
}
