public import DevicePlatform

/// The PC's serial port (16550), in I/O ports or mapped with one byte per register.
///
/// Line settings and FIFOs stay as the firmware left them: switching a FIFO on throws away what was typed before.
public struct UART16550<Registers: RegisterAccess>: SerialPort {
  private let registers: Registers

  /// Takes over a register window of at least 8 bytes.
  public init(registers: Registers) { self.registers = registers }

  /// Turns its interrupts off: nothing else is needed for polling.
  public func enable() { registers.store8(0, at: 1) }

  /// True when a byte can be written. LSR.THRE.
  public var canWrite: Bool { registers.load8(at: 5) & 1 << 5 != 0 }
  /// Writes a byte. THR.
  public func put(_ byte: UInt8) { registers.store8(byte, at: 0) }

  /// The next byte that came in; nil when there is none. LSR.DR, then RBR.
  public func readByte() -> UInt8? {
    let status = registers.load8(at: 5)
    // All ones: there is no such port.
    if status & 1 == 0 || status == 0xff { return nil }
    return registers.load8(at: 0)
  }

  /// Has the port interrupt when what was written is gone, or stops that. IER.ETBEI; and MCR.OUT2, which lets a PC's
  /// port interrupt at all.
  public func setTransmitInterrupt(_ isOn: Bool) {
    if isOn { registers.store8(registers.load8(at: 4) | 1 << 3, at: 4) }
    registers.store8(isOn ? 1 << 1 : 0, at: 1)
  }

  /// Ends the port's interrupt until something is written. Reading IIR does it.
  public func acknowledgeTransmitInterrupt() { _ = registers.load8(at: 2) }
}
