/// Why an emulated machine could not be had, or stopped being of use.
public enum QTestError: Error, Equatable, Sendable {
  /// The emulator is not installed, or not in the search path.
  case emulatorMissing(program: String)
  /// A system call failed: what was being done, and its `errno`.
  case system(doing: String, errno: Int32)
  /// The emulator ended, by itself or by a signal: when it was not asked to. With all that it wrote to standard error.
  case emulatorEnded(status: ExitStatus, standardError: String)
  /// No answer in time.
  case deadlinePassed(waitingFor: String, milliseconds: Int)
  /// The emulator closed a connection and still runs.
  case connectionClosed(String)
  /// The qtest server refused a command.
  case refused(command: String, reply: String)
  /// A QMP command failed: the error's class and description.
  case commandFailed(command: String, errorClass: String, reason: String)
  /// An answer that is not what the protocol says, or one without end.
  case malformed(what: String, found: String)

  /// How a process ended.
  public enum ExitStatus: Equatable, Sendable {
    /// It returned this status.
    case exited(Int32)
    /// This signal ended it.
    case signalled(Int32)
  }
}

extension QTestError: CustomStringConvertible {
  /// As `words`.
  public var description: String { words }

  /// The error in words: what, which value, what was expected.
  public var words: String {
    switch self {
    case .emulatorMissing(let program): "\(program) is not installed or not in PATH"
    case .system(let doing, let errno): "\(doing): errno \(errno)"
    case .emulatorEnded(.exited(let status), let text): "the emulator ended with status \(status): \(text)"
    case .emulatorEnded(.signalled(let signal), let text): "signal \(signal) ended the emulator: \(text)"
    case .deadlinePassed(let what, let milliseconds): "no \(what) within \(milliseconds) ms"
    case .connectionClosed(let what): "the emulator closed the \(what) connection"
    case .refused(let command, let reply): "qtest command \"\(command)\" was answered \"\(reply)\", expected OK"
    case .commandFailed(let command, let errorClass, let reason): "QMP command \(command): \(errorClass): \(reason)"
    case .malformed(let what, let found): "malformed \(what): \"\(found.prefix(200))\""
    }
  }
}
