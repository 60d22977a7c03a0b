internal import DevicePlatform

/// ARM's Generic Interrupt Controller, version 2: a distributor, and an interface per processor.
struct GICv2<Registers: RegisterAccess>: Sendable {
  private let bank: GICBank<Registers>
  private let cpu: Registers
  /// Lines are 0 ..< `lineCount`: 16 for the processor's own, 16 private ones, then the shared ones.
  let lineCount: UInt32

  /// - Parameters:
  ///   - distributor: a window of 0x1000 bytes.
  ///   - cpu: the processor's interface, a window of at least 0x100 bytes.
  init(distributor: Registers, cpu: Registers) {
    bank = GICBank(registers: distributor)
    self.cpu = cpu
    // GICD_TYPER.ITLinesNumber. 1020 and up mean something else.
    lineCount = min(((distributor.load32(at: 4) & 31) + 1) * 32, 1020)
  }

  /// Everything masked, delivery on.
  func start() {
    bank.registers.store32(0, at: 0)
    // Group 0, which is all there is without the security extensions; with them, the bits are not ours to write and
    // group 1 is what we see.
    bank.quiet(0..<lineCount, group: 0)
    // The private lines' target bytes read as this processor's own bit; a machine with one processor has no such bytes.
    let own = bank.registers.load32(at: GICBank<Registers>.targets) & 0xff
    let target = own == 0 ? 1 : own
    for line in stride(from: 32, to: lineCount, by: 4) {
      bank.registers.store32(target * 0x0101_0101, at: GICBank<Registers>.targets + Int(line))
    }
    cpu.store32(0xff, at: 0x04)  // GICC_PMR: all priorities
    cpu.store32(0, at: 0x08)  // GICC_BPR
    cpu.store32(1, at: 0x00)  // GICC_CTLR
    bank.registers.store32(1, at: 0)  // GICD_CTLR
  }

  /// True for the lines of devices.
  func hasLine(_ line: UInt32) -> Bool { line >= 16 && line < lineCount }

  /// Has a line deliver.
  func enable(_ line: UInt32, trigger: InterruptTrigger) {
    mask(line)
    bank.setTrigger(trigger, of: line)
    bank.set(line, in: GICBank<Registers>.setEnable)
  }

  /// Stops delivery.
  func mask(_ line: UInt32) { bank.set(line, in: GICBank<Registers>.clearEnable) }
  /// Has an enabled line deliver again.
  func unmask(_ line: UInt32) { bank.set(line, in: GICBank<Registers>.setEnable) }
  /// True when the line waits.
  func isPending(_ line: UInt32) -> Bool { bank.has(line, in: GICBank<Registers>.setPending) }

  /// The line that the processor was interrupted for; 1020 and up is none. GICC_IAR, whose upper bits name the
  /// processor that raised a software interrupt: here only this one, number 0.
  func acknowledge() -> UInt32 { cpu.load32(at: 0x0c) & 0x3ff }
  /// The counterpart of `acknowledge`. GICC_EOIR.
  func finish(_ line: UInt32) { cpu.store32(line, at: 0x10) }
  /// Interrupts the processor that calls, as line 0. GICD_SGIR, target list filter 2.
  func raise() { bank.registers.store32(2 << 24, at: 0xf00) }
}

/// A GICv2m frame: turns a device's write into a shared line of a GIC.
struct GICv2MessageFrame: Sendable {
  /// Where devices write the line's number. V2M_MSI_SETSPI_NS.
  let doorbell: UInt64
  /// The lines.
  let lines: Range<UInt32>

  /// Reads the frame's V2M_MSI_TYPER; nil when the lines that it names are not all lines of the controller.
  ///
  /// - Parameters:
  ///   - registers: the frame, a window of 0x1000 bytes.
  ///   - address: where it is.
  ///   - lineCount: how many lines the controller has.
  init?(_ registers: some RegisterAccess, at address: UInt64, lineCount: UInt32) {
    let type = registers.load32(at: 0x008)
    let first = type >> 16 & 0x3ff
    let count = type & 0x3ff
    guard first >= 32, count > 0, first + count <= lineCount else { return nil }
    doorbell = address + 0x040
    lines = first..<first + count
  }
}
