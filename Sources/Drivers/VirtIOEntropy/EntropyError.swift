public import DevicePlatform
public import VirtIO

/// Why random bytes were not to be had.
public enum EntropyError: Error, Equatable, Sendable {
  /// The queue took no request.
  case refused(SubmissionRefusal)
  /// The device did not answer in time.
  case timedOut(status: DeviceStatus)
  /// No answer in time, and nothing there to answer: the device status reads as ones. The buffer stays with the queue;
  /// `complete` returns it after `deviceWasRemoved`.
  case deviceAbsent
  /// The device returned a buffer without a single byte.
  case nothingReturned
  /// The device broke the rules and was reset.
  case deviceFailed(QueueFault)
  /// No memory for the bytes on their way.
  case memory(DMAError)

  /// The error in one line.
  public var words: String {
    switch self {
    case .refused(let refusal): refusal.words
    case .timedOut(let status): "no answer in time, device status \(status.rawValue)"
    case .nothingReturned: "the device returned a buffer without any random byte"
    case .deviceAbsent: BringupError.deviceAbsent.words
    case .deviceFailed(let fault): fault.words
    case .memory(let error): error.words
    }
  }
}
