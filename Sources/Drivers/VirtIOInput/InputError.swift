public import InputEvents
public import VirtIO

/// What is wrong with an event of the device. It was ignored, and counted.
///
/// SPEC: drivernormative:Device Types / Input Device / Device Operation
public enum InputEventFault: Error, Equatable, Sendable {
  /// Shorter than an event is.
  case tooShort(byteCount: Int)
  /// A type that is not known, or a code that its type does not have.
  case unknown(InputEvent)
  /// A frame with more events than any device has things to tell.
  case frameTooLong(limit: Int)

  /// The fault in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .tooShort(let byteCount): "an event of \(byteCount) bytes, expected 8"
    case .unknown(let event): "an event of type \(event.type.rawValue) with code \(event.code), which there is not"
    case .frameTooLong(let limit): "more than \(limit) events without an end of their frame"
    }
  }
}

/// Why an input device was not told something.
public enum InputRefusal: Error, Equatable, Sendable {
  /// It has no such light, effect or sound.
  case unsupported(InputEvent)
  /// It has not taken what it was told before; try again later.
  case busy
  /// The queue did not take it.
  case queue(SubmissionRefusal)
  /// The device broke the rules and was reset.
  case deviceFailed(QueueFault)
  /// The device was reset before.
  case deviceReset

  /// The refusal in one line.
  public var words: String {
    switch self {
    case .unsupported(let event): "the device takes no event of type \(event.type.rawValue) with code \(event.code)"
    case .busy: "the device has not taken earlier events yet"
    case .queue(let refusal): refusal.words
    case .deviceFailed(let fault): fault.words
    case .deviceReset: "the device was reset"
    }
  }
}
