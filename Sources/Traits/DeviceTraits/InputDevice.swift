public import InputEvents

/// A keyboard, a mouse, a tablet or a touch screen, whatever drives it. One owner at a time; each operation is one
/// indirect call.
public protocol InputDevice: AnyObject {
  /// What it says about itself.
  var description: InputDescription { get }

  /// The next thing that happened. Does not wait.
  ///
  /// - Parameter frame: overwritten; kept by the caller and filled again and again.
  /// - Returns: false when nothing has.
  func nextFrame(_ frame: inout InputFrame) -> Bool
  /// Asks to be woken when the next thing happens, for a caller that looked and found nothing. Good for one sleep.
  ///
  /// - Returns: what will wake the caller. Default: nothing.
  func arm() -> InputWakeUp
  /// Tells the device something that it says it takes: a light, an effect.
  func send(_ event: InputEvent) throws(InputFailure)
  /// Switches a light on or off. Default: `send`.
  // A requirement, and not in the extension only: Embedded Swift does not specialise that for `any InputDevice`, and the
  // call would be a trap.
  func set(_ light: InputLight, isOn: Bool) throws(InputFailure)
}

extension InputDevice {
  /// A device that does not interrupt.
  public func arm() -> InputWakeUp { .nothing }

  /// Tells the device so.
  public func set(_ light: InputLight, isOn: Bool) throws(InputFailure) {
    try send(InputEvent(.light, code: light.rawValue, value: isOn ? 1 : 0))
  }
}

/// What wakes somebody who waits for an input device.
public enum InputWakeUp: Equatable, Sendable {
  /// An interrupt.
  case interrupt
  /// Something has happened already: look again before sleeping.
  case already
  /// Nothing: look again after a while.
  case nothing
}

/// Why an input device was not told something: the driver's words.
public struct InputFailure: Error, Equatable, Sendable {
  /// The reason in one line.
  public let words: String

  /// A reason.
  public init(_ words: String) { self.words = words }
}
