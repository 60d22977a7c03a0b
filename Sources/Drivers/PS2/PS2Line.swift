internal import DevicePlatform

/// Commands and their answers, before keys and motion come.
struct PS2Line<Registers: RegisterAccess> {
  let registers: Registers
  let timeout: TimeSpan

  private var status: PS2Status { PS2Status(rawValue: registers.load8(at: PS2Controller<Registers>.command)) }

  /// Writes a byte when the controller has taken the one before.
  func send<W: Waiter & ~Copyable>(_ byte: UInt8, at port: Int, _ waiter: inout W) throws(PS2Error) {
    let deadline = waiter.now + timeout
    while status.contains(.isBusy) {
      guard waiter.now < deadline else { throw .noAnswer(command: byte) }
      waiter.wait(until: deadline)
    }
    registers.store8(byte, at: port)
  }

  private func order<W: Waiter & ~Copyable>(_ command: UInt8, _ waiter: inout W) throws(PS2Error) {
    try send(command, at: PS2Controller<Registers>.command, &waiter)
  }

  /// The next byte, whoever it is from; nil when there is none in time.
  private func receive<W: Waiter & ~Copyable>(_ waiter: inout W) -> UInt8? {
    let deadline = waiter.now + timeout
    while !status.contains(.hasByte) {
      guard waiter.now < deadline else { return nil }
      waiter.wait(until: deadline)
    }
    return registers.load8(at: PS2Controller<Registers>.data)
  }

  /// Stops both ports, tests the controller, and starts both: scan codes as on the first PC, no interrupts.
  func reset<W: Waiter & ~Copyable>(_ waiter: inout W) throws(PS2Error) {
    if status == .absent { throw .absent }
    try order(PS2Command.stopKeyboard, &waiter)
    try order(PS2Command.stopMouse, &waiter)
    drop()
    try order(PS2Command.selfTest, &waiter)
    let result = receive(&waiter)
    guard result == PS2Answer.passed else { throw .selfTestFailed(answer: result) }
    try order(PS2Command.readConfiguration, &waiter)
    guard let old = receive(&waiter) else { throw .noAnswer(command: PS2Command.readConfiguration) }
    try order(PS2Command.writeConfiguration, &waiter)
    // No interrupts (bits 0 and 1), translation to the old scan codes (bit 6), neither clock stopped (bits 4 and 5).
    try send(old & ~0x33 | 0x40, at: PS2Controller<Registers>.data, &waiter)
    try order(PS2Command.startKeyboard, &waiter)
    try order(PS2Command.startMouse, &waiter)
    drop()
  }

  /// What waits is of a life before.
  private func drop() {
    for _ in 0..<64 where status.contains(.hasByte) { _ = registers.load8(at: PS2Controller<Registers>.data) }
  }

  /// True when a keyboard is there; it tells of keys from then on.
  func startKeyboard<W: Waiter & ~Copyable>(_ waiter: inout W) -> Bool {
    guard tell(PS2Command.reset, toMouse: false, &waiter), receive(&waiter) == PS2Answer.ready else { return false }
    return tell(PS2Command.report, toMouse: false, &waiter)
  }

  /// Whether the mouse that is there has a wheel; nil when there is none. It tells of motion from then on.
  func startMouse<W: Waiter & ~Copyable>(_ waiter: inout W) -> Bool? {
    guard tell(PS2Command.reset, toMouse: true, &waiter), receive(&waiter) == PS2Answer.ready,
      receive(&waiter) == 0
    else { return nil }
    // These rates, one after the other, are how one asks for a wheel.
    for rate in [200, 100, 80] as [UInt8] {
      guard tell(PS2Command.rate, toMouse: true, &waiter), tell(rate, toMouse: true, &waiter) else { return nil }
    }
    guard tell(PS2Command.identify, toMouse: true, &waiter) else { return nil }
    let hasWheel = receive(&waiter) == 3
    return tell(PS2Command.report, toMouse: true, &waiter) ? hasWheel : nil
  }

  private func tell<W: Waiter & ~Copyable>(_ byte: UInt8, toMouse: Bool, _ waiter: inout W) -> Bool {
    do throws(PS2Error) {
      if toMouse { try order(PS2Command.toMouse, &waiter) }
      try send(byte, at: PS2Controller<Registers>.data, &waiter)
    } catch {
      return false
    }
    return receive(&waiter) == PS2Answer.acknowledged
  }
}

/// What the controller says about itself.
struct PS2Status: OptionSet {
  let rawValue: UInt8

  /// There is a byte to read.
  static var hasByte: PS2Status { PS2Status(rawValue: 1) }
  /// It has not taken the last byte that was written.
  static var isBusy: PS2Status { PS2Status(rawValue: 2) }
  /// The byte is the second port's.
  static var isFromMouse: PS2Status { PS2Status(rawValue: 0x20) }
  /// What reads where there is nothing.
  static var absent: PS2Status { PS2Status(rawValue: 0xff) }
}

/// Commands: to the controller from 0x20 on by its own port, to a device by the port for data.
enum PS2Command {
  static var readConfiguration: UInt8 { 0x20 }
  static var writeConfiguration: UInt8 { 0x60 }
  static var stopMouse: UInt8 { 0xa7 }
  static var startMouse: UInt8 { 0xa8 }
  static var selfTest: UInt8 { 0xaa }
  static var stopKeyboard: UInt8 { 0xad }
  static var startKeyboard: UInt8 { 0xae }
  static var toMouse: UInt8 { 0xd4 }

  static var lights: UInt8 { 0xed }
  static var identify: UInt8 { 0xf2 }
  static var rate: UInt8 { 0xf3 }
  static var report: UInt8 { 0xf4 }
  static var reset: UInt8 { 0xff }
}

/// Answers that are no keys and no motion.
enum PS2Answer {
  static var acknowledged: UInt8 { 0xfa }
  static var again: UInt8 { 0xfe }
  /// Of the controller to its test.
  static var passed: UInt8 { 0x55 }
  /// Of a device after its reset.
  static var ready: UInt8 { 0xaa }
}
