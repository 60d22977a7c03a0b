/// A line of the machine's interrupt controller, by the number that the controller knows it by.
///
/// | machine | numbers |
/// |---|---|
/// | GIC | the interrupt ID: shared lines (SPI `n` of a device tree) are `32 + n`, private ones (PPI `n`) `16 + n` |
/// | PLIC | the source: 1 ... |
/// | x86 | 0 ... 47: the global system interrupt, an I/O APIC's input; 48 ... 191: messages |
@frozen
public struct InterruptLine: Hashable, Sendable {
  /// The number.
  public let number: UInt32

  /// The line of this number.
  public init(_ number: UInt32) { self.number = number }
}

/// What of a line's level means "interrupt".
public enum InterruptTrigger: Equatable, Sendable {
  /// A change from low to high, which the controller remembers until it is taken.
  case edge
  /// The line is high for as long as the device wants something.
  case level
  /// The line is low for as long as the device wants something. Only I/O APICs tell it from `level`.
  case levelLow
}

/// A message-signalled interrupt: a device that writes `data` to `address` raises `line`.
public struct InterruptMessage: Equatable, Sendable {
  /// Where the device writes to, as it sees the bus.
  public let address: UInt64
  /// What it writes: 32 bits.
  public let data: UInt32
  /// The line that this raises.
  public let line: InterruptLine
}

/// A part of a kernel that deals with the interrupts of one line.
public protocol InterruptHandler: AnyObject, Sendable {
  /// Called in interrupt context: acknowledges at the device, and puts what happened into atomics for the task side.
  ///
  /// It interrupts arbitrary code on the same processor. So it must not allocate, must not free, must not wait, must not
  /// take a lock, must not touch a lazily initialised global for the first time, and must not touch what its device's
  /// driver owns.
  func handleInterrupt()
}

/// Something about interrupts that the task side ought to report. Each is reported once.
public enum InterruptProblem: Equatable, Sendable {
  /// A line fired `count` times while the task side got nothing done. It is masked.
  case storm(InterruptLine, count: UInt32)
  /// A line without a handler fired. It is masked.
  case nobody(InterruptLine)
  /// An interrupt came by a number that is nobody's: of no line of the controller, of no vector in use. There is nothing
  /// to mask. Only the first such number is reported.
  case unknown(number: UInt32)

  /// Which line it is; nil when it is none.
  public var line: InterruptLine? {
    switch self {
    case .storm(let line, _): line
    case .nobody(let line): line
    case .unknown: nil
    }
  }

  /// The problem in words.
  public var words: String {
    switch self {
    case .storm(let line, let count):
      "interrupt line \(line.number): fired \(count) times while nothing got done; it is masked now"
    case .nobody(let line):
      "interrupt line \(line.number): fired, but nobody handles it; it is masked now"
    case .unknown(let number):
      "interrupt number \(number): came, but no line and no vector in use has it; from now on such are only counted"
    }
  }
}
