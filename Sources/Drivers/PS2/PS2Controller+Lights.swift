public import DevicePlatform
public import InputEvents

extension PS2Controller {
  /// Switches a light of the keyboard on or off. Keys that go down meanwhile are not lost.
  ///
  /// - Throws: `.noKeyboard`, or `.noAnswer`.
  public mutating func set<W: Waiter & ~Copyable>(
    _ light: InputLight, isOn: Bool, waiter: inout W, timeout: TimeSpan = .milliseconds(500)
  ) throws(PS2Error) {
    guard hasKeyboard else { throw .noKeyboard }
    let bit: UInt8 =
      switch light {
      case .scrollLock: 1
      case .numberLock: 2
      case .capsLock: 4
      }
    let wanted = isOn ? lights | bit : lights & ~bit
    try tell(PS2Command.lights, &waiter, timeout)
    try tell(wanted, &waiter, timeout)
    lights = wanted
  }

  /// Sends a byte to the keyboard, and has it acknowledged; three times at most, if the keyboard asks for it again.
  private mutating func tell<W: Waiter & ~Copyable>(
    _ byte: UInt8, _ waiter: inout W, _ timeout: TimeSpan
  ) throws(PS2Error) {
    isAnswerAwaited = true
    defer { isAnswerAwaited = false }
    for _ in 0..<3 {
      answer = nil
      let deadline = waiter.now + timeout
      try PS2Line(registers: registers, timeout: timeout).send(byte, at: Self.data, &waiter)
      while true {
        poll()
        if let answer {
          if answer == PS2Answer.acknowledged { return }
          break
        }
        guard waiter.now < deadline else { throw .noAnswer(command: byte) }
        waiter.wait(until: deadline)
      }
    }
    throw .noAnswer(command: byte)
  }
}
