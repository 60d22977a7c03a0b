/// Why waiting for a request ended without it.
public enum WaitFailure: Error, Equatable, Sendable {
  /// The deadline passed. The request is still with the device and will come with a later completion, or with a reset.
  case timedOut
  /// The device broke the rules of the queue.
  case queueFailed(QueueFault)
  /// No request of this name is in flight.
  case unknownToken
}
