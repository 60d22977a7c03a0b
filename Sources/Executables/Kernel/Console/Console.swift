#if os(none)
  import DevicePlatform

  /// Writes a line to the log.
  func say(_ line: String) { terminal.write(line + "\n") }

  /// Has the manager's lines in the log, each after `# `, which TAP takes for a remark.
  final class TerminalLog: LogSink {
    func log(_ line: String) { say("# " + line) }
  }

  /// A number as `0x` and as few digits as it takes.
  func hex(_ value: UInt) -> String { "0x" + String(value, radix: 16) }
#endif
