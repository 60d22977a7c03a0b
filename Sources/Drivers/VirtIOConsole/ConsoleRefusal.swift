public import DevicePlatform
public import VirtIO

/// What became of a request that was handed to a port.
public enum ConsoleSubmission: ~Copyable {
  /// The queue has it; the buffer comes back with the completion.
  case accepted(Token)
  /// Nothing happened; here is the buffer, and why.
  case refused(ConsoleRefusal, DMABuffer)
}

/// Why a port did not take a request.
public enum ConsoleRefusal: Error, Equatable, Sendable {
  /// A port number that is not below the number of ports in use.
  case portBeyondMaximum(port: Int, count: Int)
  /// The device has not added this port, or has removed it.
  case portMissing(port: Int)
  /// Nobody on the device's side has the port open: what is written would vanish.
  case portClosed(port: Int)
  /// The queue took nothing.
  case queue(SubmissionRefusal)

  /// The refusal in one line.
  public var words: String {
    switch self {
    case .portBeyondMaximum(let port, let count): "port \(port), expected a number below \(count)"
    case .portMissing(let port): "port \(port) is not there: the device has not added it, or has removed it"
    case .portClosed(let port): "port \(port) is closed on the device's side"
    case .queue(let refusal): refusal.words
    }
  }
}

/// Why a blocking form did not do what it was asked.
public enum ConsoleError: Error, Equatable, Sendable {
  /// The request was not taken.
  case refused(ConsoleRefusal)
  /// The device did not take the bytes in time. How many of them it took before.
  case timedOut(written: Int, status: DeviceStatus)
  /// Not taken in time, and nothing there to take it: the device status reads as ones.
  case deviceAbsent
  /// The device broke the rules and was reset.
  case deviceFailed(QueueFault)
  /// The device was reset.
  case deviceReset
  /// No memory for the bytes on their way.
  case memory(DMAError)

  /// The error in one line.
  public var words: String {
    switch self {
    case .refused(let refusal): refusal.words
    case .timedOut(let written, let status):
      "not taken in time after \(written) bytes, device status \(status.rawValue)"
    case .deviceAbsent: BringupError.deviceAbsent.words
    case .deviceFailed(let fault): fault.words
    case .deviceReset: "the device was reset"
    case .memory(let error): error.words
    }
  }

  /// The label of the spec's clause that this is about; nil where there is none.
  public var clause: String? {
    if case .deviceFailed(let fault) = self { return fault.clause }
    return nil
  }
}
