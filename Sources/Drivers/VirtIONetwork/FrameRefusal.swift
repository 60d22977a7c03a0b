public import VirtIO

/// Why a frame was not taken for sending, or a buffer not for receiving.
@frozen
public enum FrameRefusal: Error, Equatable, Sendable {
  /// The queue refused.
  case queue(SubmissionRefusal)
  /// Shorter than an Ethernet header.
  case tooShort(byteCount: Int, minimum: Int)
  /// Longer than the link allows.
  case tooLong(byteCount: Int, limit: Int)
  /// The frame does not lie inside its buffer.
  case outsideBuffer(offset: Int, byteCount: Int, bufferByteCount: Int)
  /// The checksum to be completed lies behind the frame's end.
  case checksumOutsideFrame(start: Int, offset: Int, byteCount: Int)
  /// A receive buffer that cannot hold what the device may put there.
  case bufferTooSmall(byteCount: Int, minimum: Int)
  /// A receive buffer that does not start at a multiple of 8.
  case misaligned

  /// The refusal in one line: what, which value, what was expected.
  public var words: String {
    switch self {
    case .queue(let refusal): refusal.words
    case .tooShort(let byteCount, let minimum): "a frame of \(byteCount) bytes, expected at least \(minimum)"
    case .tooLong(let byteCount, let limit): "a frame of \(byteCount) bytes, the link takes \(limit)"
    case .outsideBuffer(let offset, let byteCount, let bufferByteCount):
      "a frame of \(byteCount) bytes from \(offset) on, in a buffer of \(bufferByteCount)"
    case .checksumOutsideFrame(let start, let offset, let byteCount):
      "a checksum at \(start) + \(offset), the frame has \(byteCount) bytes"
    case .bufferTooSmall(let byteCount, let minimum):
      "a receive buffer of \(byteCount) bytes, expected at least \(minimum)"
    case .misaligned: "a receive buffer that does not start at a multiple of 8"
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    switch self {
    case .tooLong: "drivernormative:Device Types / Network Device / Device configuration layout"
    case .checksumOutsideFrame:
      "drivernormative:Device Types / Network Device / Device Operation / Packet Transmission"
    case .bufferTooSmall:
      "drivernormative:Device Types / Network Device / Device Operation / Setting Up Receive Buffers"
    case .queue, .tooShort, .outsideBuffer, .misaligned: nil
    }
  }
}

/// What became of a frame or a buffer that was handed to a pair of queues.
@frozen
public enum FrameSubmission<Payload: ~Copyable>: ~Copyable {
  /// The device will have it with the next `publish`.
  case accepted(Token)
  /// Nothing happened; here it is again, and why.
  case refused(FrameRefusal, Payload)
}
