/// Why a keyboard controller, or what hangs on it, did not do what it was asked.
public enum PS2Error: Error, Equatable, Sendable {
  /// Nothing is at these ports.
  case absent
  /// The controller did not pass its own test; nil: it said nothing.
  case selfTestFailed(answer: UInt8?)
  /// No answer in time, or none that says yes.
  case noAnswer(command: UInt8)
  /// No keyboard answered at bring-up.
  case noKeyboard

  /// The error in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .absent: "no keyboard controller: its status reads as ones"
    case .selfTestFailed(.some(let answer)): "the keyboard controller answered its test with \(answer), expected 85"
    case .selfTestFailed(.none): "the keyboard controller did not answer its test"
    case .noAnswer(let command): "no answer to the command \(command)"
    case .noKeyboard: "no keyboard answered"
    }
  }
}
