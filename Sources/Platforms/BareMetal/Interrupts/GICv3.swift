internal import DevicePlatform

/// ARM's Generic Interrupt Controller, version 3: a distributor for the shared lines and a redistributor per processor
/// for its private ones. The processor's interface is in system registers, not here.
///
/// Messages need its translation service (ITS), which is not driven: functions fall back to their pin.
struct GICv3<Registers: RegisterAccess>: Sendable {
  private let bank: GICBank<Registers>
  private let own: GICBank<Registers>
  private let redistributor: Registers
  private let affinity: UInt32
  /// Lines are 0 ..< `lineCount`: 16 for the processor's own, 16 private ones, then the shared ones.
  let lineCount: UInt32

  /// Looks for the redistributor of this processor; nil when there is none in the window.
  ///
  /// - Parameters:
  ///   - distributor: a window of 0x10000 bytes.
  ///   - redistributors: all redistributors, 0x20000 bytes each.
  ///   - affinity: which processor this is: fields 3, 2, 1 and 0 of its MPIDR, a byte each.
  init?(distributor: Registers, redistributors: Registers, affinity: UInt32) {
    let stride = 0x2_0000
    var offset = 0
    while offset <= redistributors.byteCount - stride {
      let frame = redistributors.window(at: offset, byteCount: stride)
      // GICR_TYPER: the upper half is the affinity, bit 4 marks the last one.
      if frame.load32(at: 0x0c) == affinity {
        redistributor = frame
        own = GICBank(registers: frame.window(at: 0x1_0000, byteCount: 0x1_0000))
        bank = GICBank(registers: distributor)
        lineCount = min(((distributor.load32(at: 4) & 31) + 1) * 32, 1020)
        self.affinity = affinity
        return
      }
      if frame.load32(at: 0x08) & 1 << 4 != 0 { return nil }
      offset += stride
    }
    return nil
  }

  private func bank(of line: UInt32) -> GICBank<Registers> { line < 32 ? own : bank }

  /// Everything masked and in group 1, delivery on; false when the redistributor does not wake up.
  func start() -> Bool {
    bank.registers.store32(0, at: 0)
    waitForWrites()
    // GICD_CTLR: ARE, then EnableGrp1 (EnableGrp1A where there are two security states).
    bank.registers.store32(1 << 4, at: 0)
    waitForWrites()
    bank.quiet(32..<lineCount, group: .max)
    for line in 32..<lineCount {
      // GICD_IROUTERn, 64 bits: affinity 3 is in the upper half.
      bank.registers.store32(affinity & 0xff_ffff, at: 0x6000 + Int(line) * 8)
      bank.registers.store32(affinity >> 24, at: 0x6004 + Int(line) * 8)
    }
    bank.registers.store32(1 << 4 | 1 << 1, at: 0)
    waitForWrites()

    // GICR_WAKER: clear ProcessorSleep, then ChildrenAsleep goes.
    redistributor.store32(redistributor.load32(at: 0x14) & ~2, at: 0x14)
    for _ in 0..<1_000_000 where redistributor.load32(at: 0x14) & 4 == 0 {
      own.quiet(0..<32, group: .max)
      return true
    }
    return false
  }

  /// GICD_CTLR.RWP: a write is still on its way.
  private func waitForWrites() {
    for _ in 0..<1_000_000 where bank.registers.load32(at: 0) >> 31 == 0 { return }
  }

  /// True for the lines of devices.
  func hasLine(_ line: UInt32) -> Bool { line >= 16 && line < lineCount }

  /// Has a line deliver.
  func enable(_ line: UInt32, trigger: InterruptTrigger) {
    mask(line)
    bank(of: line).setTrigger(trigger, of: line)
    unmask(line)
  }

  /// Stops delivery.
  func mask(_ line: UInt32) { bank(of: line).set(line, in: GICBank<Registers>.clearEnable) }
  /// Has an enabled line deliver again.
  func unmask(_ line: UInt32) { bank(of: line).set(line, in: GICBank<Registers>.setEnable) }
  /// True when the line waits.
  func isPending(_ line: UInt32) -> Bool { bank(of: line).has(line, in: GICBank<Registers>.setPending) }
}
