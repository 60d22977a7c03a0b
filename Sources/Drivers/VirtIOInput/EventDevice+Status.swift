public import InputEvents
internal import DevicePlatform
internal import VirtIO

/// What an input device is told. None of it waits.
extension EventDevice where T: ~Copyable {
  /// Switches a light on or off.
  ///
  /// - Throws: as `send`.
  public mutating func set(_ light: InputLight, isOn: Bool) throws(InputRefusal) {
    try send(InputEvent(.light, code: light.rawValue, value: isOn ? 1 : 0))
  }

  /// Plays an effect that the device has, so many times; 0 stops it.
  ///
  /// - Throws: as `send`; `.unsupported` for a number that cannot be.
  public mutating func play(effect code: UInt16, times: Int32) throws(InputRefusal) {
    let event = InputEvent(.effect, code: code, value: times)
    guard times >= 0, code < InputEffect.gain else { throw .unsupported(event) }
    try send(event)
  }

  /// Sets how strong all effects are: from 0, none, to 65 535.
  ///
  /// - Throws: as `send`.
  public mutating func setEffectGain(_ gain: UInt16) throws(InputRefusal) {
    try send(InputEvent(.effect, code: InputEffect.gain, value: Int32(gain)))
  }

  /// Tells the device anything that it says it takes. The queue is notified at once.
  ///
  /// - Throws: `.unsupported` when the device has no such light or effect, `.busy` when it has not taken what it was told
  ///   before; then nothing was sent.
  ///
  /// SPEC: drivernormative:Device Types / Input Device / Device Operation
  public mutating func send(_ event: InputEvent) throws(InputRefusal) {
    reclaim()
    if let fault { throw .deviceFailed(fault) }
    if statusQueue.isReset { throw .deviceReset }
    guard description.supports(event.type, code: event.code) else { throw .unsupported(event) }
    guard var buffer = spare.pop() else { throw .busy }
    let word = event.word
    for index in 0..<InputEvent.byteCount { buffer[index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * index)) }
    switch statusQueue.submit(buffer, deviceWrites: false) {
    case .accepted: statusQueue.publish()
    case .refused(let refusal, let buffer):
      spare.push(buffer)
      throw refusal == .full ? .busy : .queue(refusal)
    }
  }

  /// Takes back what the device has read, as `send` does by itself.
  ///
  /// - Returns: how many events are still on their way to the device.
  @discardableResult
  public mutating func reclaim() -> Int {
    while let completion = statusQueue.complete() { spare.push(completion.takeBuffer()) }
    if statusQueue.fault != nil { failDevice() }
    return statusQueue.inFlight
  }
}

/// Numbers of effects that stand for something else.
enum InputEffect {
  /// How strong all of them are. The Linux constant is `FF_GAIN`; those below are effects.
  static var gain: UInt16 { 0x60 }
}
