public import DevicePlatform

/// ARM's PrimeCell UART (PL011), as the console of QEMU's aarch64 `virt`. Line settings stay as the firmware left them.
public struct PL011<Registers: RegisterAccess>: SerialPort {
  private let registers: Registers

  /// Takes over a register window of at least 0x1000 bytes.
  public init(registers: Registers) { self.registers = registers }

  /// Enables transmitter and receiver.
  public func enable() {
    // UARTCR: UARTEN, TXE, RXE.
    registers.store32(registers.load32(at: 0x30) | 1 << 0 | 1 << 8 | 1 << 9, at: 0x30)
  }

  /// True when a byte can be written. UARTFR.TXFF is clear.
  public var canWrite: Bool { registers.load32(at: 0x18) & 1 << 5 == 0 }
  /// Writes a byte. UARTDR.
  public func put(_ byte: UInt8) { registers.store32(UInt32(byte), at: 0) }

  /// The next byte that came in; nil when there is none. UARTFR.RXFE, then UARTDR.
  public func readByte() -> UInt8? {
    if registers.load32(at: 0x18) & 1 << 4 != 0 { return nil }
    return UInt8(truncatingIfNeeded: registers.load32(at: 0))
  }

  /// Has the port interrupt when what was written is gone, or stops that. UARTIMSC.TXIM.
  public func setTransmitInterrupt(_ isOn: Bool) {
    let others = registers.load32(at: 0x38) & ~(1 << 5)
    registers.store32(isOn ? others | 1 << 5 : others, at: 0x38)
  }

  /// Ends the port's interrupt until something is written. UARTICR.TXIC.
  public func acknowledgeTransmitInterrupt() { registers.store32(1 << 5, at: 0x44) }
}
