public import DevicePlatform
public import VirtIO

/// Why a blocking form did not do what it was asked.
public enum BlockError: Error, Equatable, Sendable {
  /// The request was not taken.
  case refused(BlockRefusal)
  /// The device ended the request otherwise than well.
  case failed(BlockResult)
  /// No answer in time. The buffer stays with the device; `complete` returns it if the device finishes after all, or
  /// after a reset.
  case timedOut(status: DeviceStatus)
  /// No answer in time, and nothing there to answer: the device status reads as ones. The buffer stays with the queue;
  /// `complete` returns it after `deviceWasRemoved`.
  case deviceAbsent
  /// The device broke the rules and was reset.
  case deviceFailed(QueueFault)
  /// No memory for a copy.
  case memory(DMAError)

  /// The error in one line.
  public var words: String {
    switch self {
    case .refused(let refusal): refusal.words
    case .failed(let result): result.words
    case .timedOut(let status): "no answer in time, device status \(status.rawValue)"
    case .deviceAbsent: BringupError.deviceAbsent.words
    case .deviceFailed(let fault): fault.words
    case .memory(let error): error.words
    }
  }
}
