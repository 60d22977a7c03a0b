#if os(none)
  public import DevicePlatform

  /// Writes log lines to the first serial line, each after `# `, which TAP takes for a remark.
  public final class ConsoleLog: LogSink {
    /// There is one serial line.
    public init() {}

    /// Writes one line.
    public func log(_ line: String) {
      Machine.console.write("# " as StaticString)
      Machine.console.write(line)
      Machine.console.write(10)
    }
  }
#endif
