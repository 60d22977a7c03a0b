public import DevicePlatform
public import InputEvents

/// The keyboard controller of a PC (i8042): a keyboard on its first port, a mouse on its second. Polled, without
/// interrupts.
///
///     var ps2 = try PS2Controller(ports, waiter: &waiter)     // ports 0x60 to 0x64
///     while ps2.nextKeyboardFrame(&frame) { ... }
///     while ps2.nextMouseFrame(&frame) { ... }
///
/// The value is the controller's one owner. Bytes are taken from both ports whenever either is looked at, and wait here:
/// 255 for each, then the next frame has `isOverrun`.
public struct PS2Controller<Registers: RegisterAccess>: ~Copyable {
  let registers: Registers
  /// Bytes of each port that were not looked at.
  var keyboardBytes = ByteQueue()
  var mouseBytes = ByteQueue()
  /// The keyboard's answer to a command, told from keys by its value.
  var answer: UInt8?
  var isAnswerAwaited = false
  var keys = ScanCodes()
  var packets: MousePackets
  /// Which lights are on, as the keyboard numbers them.
  var lights: UInt8 = 0
  /// A keyboard answered.
  public let hasKeyboard: Bool
  /// A mouse answered.
  public let hasMouse: Bool

  /// Data, and status or command, from the first port on.
  static var data: Int { 0 }
  static var command: Int { 4 }
  /// How many bytes there are between the first port and the last.
  public static var portCount: Int { 5 }

  /// Resets controller, keyboard and mouse.
  ///
  /// - Parameters:
  ///   - registers: five ports, usually from 0x60 on.
  ///   - waiter: waits for answers.
  ///   - timeout: how long each of them may take.
  /// - Throws: `.absent` or `.selfTestFailed`. A keyboard or a mouse that does not answer is not there.
  public init<W: Waiter & ~Copyable>(
    _ registers: Registers, waiter: inout W, timeout: TimeSpan = .milliseconds(500)
  ) throws(PS2Error) {
    precondition(registers.byteCount >= Self.portCount, "five ports")
    let line = PS2Line(registers: registers, timeout: timeout)
    try line.reset(&waiter)
    let hasKeyboard = line.startKeyboard(&waiter)
    let wheel = line.startMouse(&waiter)
    self.registers = registers
    self.hasKeyboard = hasKeyboard
    hasMouse = wheel != nil
    packets = MousePackets(hasWheel: wheel ?? false)
  }

  /// Takes bytes off the controller: as many as can wait, at most.
  mutating func poll() {
    for _ in 0..<ByteQueue.limit {
      let status = PS2Status(rawValue: registers.load8(at: Self.command))
      // All ones are what reads where there is no controller.
      guard status.contains(.hasByte), status != .absent else { return }
      let byte = registers.load8(at: Self.data)
      if status.contains(.isFromMouse) {
        mouseBytes.push(byte)
      } else if isAnswerAwaited, byte == PS2Answer.acknowledged || byte == PS2Answer.again {
        answer = byte
      } else {
        keyboardBytes.push(byte)
      }
    }
  }

  /// The next key that went down, or up, or repeats. Never waits.
  ///
  /// - Parameter frame: overwritten.
  /// - Returns: false when there is none.
  public mutating func nextKeyboardFrame(_ frame: inout InputFrame) -> Bool {
    frame.clear()
    poll()
    if keyboardBytes.takeOverrun() { return overrun(&frame) }
    while let byte = keyboardBytes.pop() {
      switch keys.take(byte) {
      case .more: continue
      case .overrun: return overrun(&frame)
      case .event(let event):
        _ = frame.append(event)
        frame.frameCount = 1
        return true
      }
    }
    return false
  }

  private mutating func overrun(_ frame: inout InputFrame) -> Bool {
    keys = ScanCodes()
    frame.isOverrun = true
    frame.frameCount = 1
    return true
  }

  /// What the mouse told next. Never waits.
  ///
  /// - Parameter frame: overwritten.
  /// - Returns: false when there is nothing.
  public mutating func nextMouseFrame(_ frame: inout InputFrame) -> Bool {
    frame.clear()
    poll()
    if mouseBytes.takeOverrun() {
      packets.forget()
      frame.isOverrun = true
      frame.frameCount = 1
      return true
    }
    while let byte = mouseBytes.pop() {
      guard packets.take(byte, into: &frame) else { continue }
      frame.frameCount = 1
      return true
    }
    return false
  }

  /// Bytes of the mouse that began no packet, and were thrown away.
  public var strayByteCount: UInt64 { packets.strayCount }
}
