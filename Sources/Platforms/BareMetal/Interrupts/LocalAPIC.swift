internal import DevicePlatform

/// A processor's own APIC, by its mapped registers (not x2APIC).
struct LocalAPIC<Registers: RegisterAccess>: Sendable {
  private let registers: Registers

  /// Takes over a window of 0x1000 bytes.
  init(_ registers: Registers) { self.registers = registers }

  /// This processor's number, as destinations name it.
  var number: UInt8 { UInt8(truncatingIfNeeded: registers.load32(at: 0x20) >> 24) }

  /// Everything off but delivery: neither the interrupt controllers of 1981 (LINT0) nor the timer get through.
  ///
  /// - Parameter spuriousVector: raised when an interrupt goes away before it is taken; not to be ended.
  func start(spuriousVector: UInt8) {
    registers.store32(UInt32(spuriousVector) | 1 << 8, at: 0xf0)
    // Timer, LINT0, error: masked. LINT1 stays, it is the non-maskable interrupt.
    for offset in [0x320, 0x350, 0x370] { registers.store32(1 << 16 | 0xff, at: offset) }
    // TPR: all priorities but that of vectors 16 to 31, which are exceptions and no message has to raise.
    registers.store32(0x10, at: 0x80)
    // What the firmware left in service is ended: an end that nobody waits for is ignored.
    for _ in 0..<8 { finish() }
  }

  /// Ends the most urgent interrupt that is in service. EOI.
  func finish() { registers.store32(0, at: 0xb0) }

  /// True when the vector waits for being taken. IRR, 32 vectors per register.
  func isPending(_ vector: UInt8) -> Bool {
    registers.load32(at: 0x200 + Int(vector / 32) * 0x10) >> UInt32(vector % 32) & 1 == 1
  }

  /// Interrupts this processor. ICR: fixed, to itself. The processor's own request is delivered before the store that
  /// follows it.
  func raise(_ vector: UInt8) { registers.store32(1 << 18 | UInt32(vector), at: 0x300) }

  /// Has the timer count down from `count` once and then raise `vector`; 0 stops it. Its clock is divided by 16.
  func startTimer(_ count: UInt32, vector: UInt8) {
    registers.store32(3, at: 0x3e0)
    registers.store32(UInt32(vector), at: 0x320)
    registers.store32(count, at: 0x380)
  }

  /// As `startTimer`, but raises nothing.
  func startSilentTimer(_ count: UInt32) {
    registers.store32(3, at: 0x3e0)
    registers.store32(1 << 16 | 0xff, at: 0x320)
    registers.store32(count, at: 0x380)
  }

  /// What the timer still has to count.
  var timerCount: UInt32 { registers.load32(at: 0x390) }
}

/// Which vector of an x86 processor means what.
///
/// 0 to 31 are exceptions. A vector's upper half is its priority.
enum APICVector {
  /// Line 0.
  static var firstLine: UInt32 { 0x30 }
  /// Lines that are inputs of I/O APICs.
  static var inputLines: Range<UInt32> { 0..<48 }
  /// Lines that are messages.
  static var messageLines: Range<UInt32> { 48..<192 }
  /// The timer.
  static var timer: UInt8 { 0xf0 }
  /// The processor's own request.
  static var software: UInt8 { 0xf1 }
  /// The local APIC had something that went away.
  static var spurious: UInt8 { 0xff }

  /// The vector of a line.
  static func vector(of line: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: firstLine + line) }

  /// What a device has to write, and where, to raise a vector: fixed delivery, edge, to a processor by its number.
  static func message(_ vector: UInt8, to processor: UInt8) -> (address: UInt64, data: UInt32) {
    (0xfee0_0000 | UInt64(processor) << 12, UInt32(vector))
  }
}

/// Nanoseconds to counts of a timer, as measured: `count = nanoseconds * scale / 2^32`.
struct TimerScale: Sendable {
  private let scale: UInt64

  /// A timer that counted `count` in `nanoseconds`; nil when it did not count, or when no such timer can be.
  init?(count: UInt32, nanoseconds: UInt64) {
    guard count > 0, nanoseconds > 0 else { return nil }
    scale = UInt64(count) << 32 / nanoseconds
    guard scale > 0 else { return nil }
  }

  /// The count for a span: at least 1, at most what 32 bits hold.
  func count(_ nanoseconds: UInt64) -> UInt32 {
    let product = nanoseconds.multipliedFullWidth(by: scale)
    guard product.high >> 32 == 0 else { return .max }
    let count = product.high << 32 | product.low >> 32
    return count >= UInt64(UInt32.max) ? .max : UInt32(count) + 1
  }
}
