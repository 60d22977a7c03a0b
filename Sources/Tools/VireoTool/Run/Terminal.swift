// The two streams: data on standard output, everything else on standard error.

import Foundation

enum Terminal {
  static func progress(_ message: String) {
    // When that fails, nobody is left to be told.
    try? FileHandle.standardError.write(contentsOf: Data("vireo: \(message)\n".utf8))
  }

  static func print(_ line: String) throws(ToolError) { try write(Data("\(line)\n".utf8)) }

  /// Writes data to standard output.
  static func write(_ bytes: Data) throws(ToolError) {
    do {
      try FileHandle.standardOutput.write(contentsOf: bytes)
    } catch {
      throw ToolError("standard output: \(reason(error))")
    }
  }

  /// The system's words for what Foundation wraps.
  static func reason(_ error: any Error) -> String {
    let error = error as NSError
    guard let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain == NSPOSIXErrorDomain else {
      return error.localizedDescription
    }
    return cause.localizedFailureReason ?? cause.localizedDescription
  }

  /// Whether a person is there: both streams are terminals.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
}
