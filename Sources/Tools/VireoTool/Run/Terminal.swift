// The two streams: data on standard output, everything else on standard error.

import Foundation

enum Terminal {
  static func progress(_ message: String) {
    FileHandle.standardError.write(Data("vireo: \(message)\n".utf8))
  }

  static func print(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
  }

  /// Whether a person is there: both streams are terminals.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }
}
