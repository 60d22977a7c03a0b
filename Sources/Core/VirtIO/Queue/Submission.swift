/// What became of a request that was handed to a queue.
@frozen
public enum Submission<Payload: ~Copyable>: ~Copyable {
  /// The queue has it; the payload comes back with the completion.
  case accepted(Token)
  /// Nothing happened; here is the payload, and why.
  case refused(SubmissionRefusal, Payload)
}

/// Why a queue did not take a request.
@frozen
public enum SubmissionRefusal: Error, Equatable, Sendable {
  /// As many requests as the queue can carry are in flight.
  case full
  /// The device broke the rules, or was reset; the queue takes nothing more.
  case queueFailed
  /// A data buffer without bytes.
  case emptyBuffer
  /// A data segment is longer than the device or the ring allows.
  case segmentTooLong(byteCount: UInt32, limit: UInt32)
  /// More segments than a request of this queue can have.
  case tooManySegments(count: Int, limit: Int)

  /// The refusal in one line.
  public var words: String {
    switch self {
    case .full: "the queue is full"
    case .queueFailed: "the queue has failed and takes nothing until its device is reset"
    case .emptyBuffer: "the buffer is empty, expected at least one byte"
    case .segmentTooLong(let byteCount, let limit): "a segment of \(byteCount) bytes, the limit is \(limit)"
    case .tooManySegments(let count, let limit): "\(count) segments, the limit is \(limit)"
    }
  }
}
