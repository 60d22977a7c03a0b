/// Why waiting for a request ended without it.
public enum WaitFailure: Error, Equatable, Sendable {
  /// The deadline passed. The request is still with the device and will come with a later completion, or with a reset.
  case timedOut
  /// The device broke the rules of the queue.
  case queueFailed(QueueFault)
  /// No request of this name is in flight.
  case unknownToken

  /// The failure in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .timedOut: "no completion before the deadline, the request is still with the device"
    case .queueFailed(let fault): fault.words
    case .unknownToken: "no request of this token is in flight, expected one that was submitted and not completed"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .queueFailed(let fault): fault.clause
    case .timedOut, .unknownToken: nil
    }
  }
}
