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
  /// Tells the device something that it says it takes: a light, an effect.
  func send(_ event: InputEvent) throws(InputFailure)
}

extension InputDevice {
  /// Switches a light on or off.
  public func set(_ light: InputLight, isOn: Bool) throws(InputFailure) {
    try send(InputEvent(.light, code: light.rawValue, value: isOn ? 1 : 0))
  }
}

/// Why an input device was not told something: the driver's words.
public struct InputFailure: Error, Equatable, Sendable {
  /// The reason in one line.
  public let words: String

  /// A reason.
  public init(_ words: String) { self.words = words }
}
