// Whether a run succeeded.

/// Everything that is known about a run that has ended.
struct Verdict {
  enum End: Equatable {
    case exited(Int32)
    case deadline(seconds: Int)
    case outputClosed
  }

  let architecture: Architecture
  let lines: [String]
  let end: End
  /// Whether every line of the script was typed; true without one.
  let isScriptFinished: Bool

  /// The kernel's own exit status: 0 is success. Nil if QEMU ended without the kernel having asked for it.
  var guestStatus: Int32? {
    guard case .exited(let status) = end else { return nil }
    guard architecture == .x86 else { return status }
    // isa-debug-exit ends QEMU with 2 v + 1, and the kernel writes its status plus 16; a reset or power-off ends it with 0.
    guard !status.isMultiple(of: 2), status >= 33 else { return nil }
    return (status - 33) / 2
  }

  /// In words; empty if nothing failed.
  var failures: [String] {
    var result = TestReport(lines: lines).failures
    result += ShellTranscript.failures(in: lines).map { "a shell command failed: \($0)" }
    switch end {
    case .deadline(let seconds):
      result.append("the guest was still running after \(seconds) s and was ended")
    case .outputClosed:
      result.append("standard output was closed; the guest was ended")
    case .exited(let status):
      if guestStatus == nil {
        result.append("QEMU ended with status \(status), which is not one that the kernel asked for")
      } else if guestStatus != 0 {
        result.append("the kernel ended with status \(guestStatus ?? 0)")
      }
    }
    if !isScriptFinished { result.append("the guest ended before the whole script was typed") }
    return result
  }
}
