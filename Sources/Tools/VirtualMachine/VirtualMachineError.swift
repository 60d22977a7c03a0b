/// Why a program could not be had, stopped being of use, or did not do what it was asked to.
public enum VirtualMachineError: Error, Equatable, Sendable {
  /// The program is not installed, or not in the search path.
  case programMissing(String)
  /// The program belongs to a QEMU that is older than what is used.
  case programTooOld(String, version: QEMUVersion, oldest: QEMUVersion)
  /// A system call failed: what was being done, and its `errno`.
  case system(doing: String, errno: Int32)
  /// The program ended, by itself or by a signal, when it was not asked to. With what it wrote to standard error.
  case ended(program: String, status: ExitStatus, standardError: String)
  /// No answer in time.
  case deadlinePassed(waitingFor: String, milliseconds: Int)
  /// The program closed a connection and still runs.
  case connectionClosed(String)
  /// A peer that answers line by line refused a command.
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

extension VirtualMachineError: CustomStringConvertible {
  /// As `words`.
  public var description: String { words }

  /// The error in words: what, which value, what was expected.
  public var words: String {
    switch self {
    case .programMissing(let program): "\(program) is not installed or not in PATH"
    case .programTooOld(let program, let version, let oldest):
      "\(program) is of QEMU \(version), expected \(oldest) or newer"
    case .system(let doing, let errno): "\(doing): errno \(errno)"
    case .ended(let program, let status, let text):
      "\(program) \(status.words)" + (text.isEmpty ? "" : ": \(text)")
    case .deadlinePassed(let what, let milliseconds): "no \(what) within \(milliseconds) ms"
    case .connectionClosed(let what): "the other side closed the \(what) connection"
    case .refused(let command, let reply): "command \"\(command)\" was answered \"\(reply)\", expected OK"
    case .commandFailed(let command, let errorClass, let reason): "QMP command \(command): \(errorClass): \(reason)"
    case .malformed(let what, let found): "malformed \(what): \"\(found.prefix(200))\""
    }
  }
}

extension VirtualMachineError.ExitStatus {
  /// How the process ended, in words.
  public var words: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .signalled(let signal): "was ended by signal \(signal)"
    }
  }

  /// As a shell has it: the status, or 128 and the signal.
  public var shellStatus: Int32 {
    switch self {
    case .exited(let status): status
    case .signalled(let signal): 128 + signal
    }
  }
}
