/// Where log lines go. The kernel, server or tool supplies it; no library prints by itself.
public protocol LogSink: AnyObject {
  /// Takes one line, without its line feed.
  func log(_ line: String)
}
