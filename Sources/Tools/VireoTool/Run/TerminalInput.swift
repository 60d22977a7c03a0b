// What a person types, on its way to the guest.

import Foundation

enum TerminalInput {
  /// Sends lines to the guest from now on, ended as the serial line ends them. At the end of input types `halt`.
  static func forward(to guest: FileHandle) {
    Thread.detachNewThread {
      while let line = readLine() {
        guard (try? guest.write(contentsOf: Data("\(line)\r".utf8))) != nil else { return }
      }
      try? guest.write(contentsOf: Data("halt\r".utf8))
    }
  }
}
