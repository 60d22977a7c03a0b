internal import DevicePlatform

/// The registers that a GIC's distributor and the redistributors of a GICv3 have in common, at the same offsets: one
/// bit, two bits or one byte per line.
///
/// Not here: what differs between the versions (`GICv2`, `GICv3`).
struct GICBank<Registers: RegisterAccess>: Sendable {
  let registers: Registers

  /// GICD_IGROUPRn: 1 is group 1.
  static var group: Int { 0x080 }
  /// GICD_ISENABLERn.
  static var setEnable: Int { 0x100 }
  /// GICD_ICENABLERn.
  static var clearEnable: Int { 0x180 }
  /// GICD_ISPENDRn.
  static var setPending: Int { 0x200 }
  /// GICD_ICPENDRn.
  static var clearPending: Int { 0x280 }
  /// GICD_IPRIORITYRn: a byte per line, 0 is the most urgent.
  static var priority: Int { 0x400 }
  /// GICD_ITARGETSRn, GICv2 only: a byte per line, a bit per processor.
  static var targets: Int { 0x800 }
  /// GICD_ICFGRn: two bits per line, the upper one says edge.
  static var configuration: Int { 0xc00 }

  /// Where the bit of a line is.
  private func place(_ line: UInt32, in register: Int) -> (offset: Int, bit: UInt32) {
    (register + Int(line / 32) * 4, 1 << (line % 32))
  }

  /// Writes one to the line's bit of a register where zeros do nothing.
  func set(_ line: UInt32, in register: Int) {
    let (offset, bit) = place(line, in: register)
    registers.store32(bit, at: offset)
  }

  /// True when the line's bit of a register is one.
  func has(_ line: UInt32, in register: Int) -> Bool {
    let (offset, bit) = place(line, in: register)
    return registers.load32(at: offset) & bit != 0
  }

  /// Chooses level or edge for a line that is not enabled.
  func setTrigger(_ trigger: InterruptTrigger, of line: UInt32) {
    let offset = Self.configuration + Int(line / 16) * 4
    let bit: UInt32 = 2 << (line % 16 * 2)
    let others = registers.load32(at: offset) & ~bit
    registers.store32(trigger == .edge ? others | bit : others, at: offset)
  }

  /// All of `lines`, whole words of 32: not enabled, not pending, of one group and of a middling priority.
  func quiet(_ lines: Range<UInt32>, group: UInt32) {
    for line in stride(from: lines.lowerBound, to: lines.upperBound, by: 32) {
      let word = Int(line / 32) * 4
      registers.store32(.max, at: Self.clearEnable + word)
      registers.store32(.max, at: Self.clearPending + word)
      registers.store32(group, at: Self.group + word)
    }
    for line in stride(from: lines.lowerBound, to: lines.upperBound, by: 4) {
      registers.store32(0xa0a0_a0a0, at: Self.priority + Int(line))
    }
  }
}
