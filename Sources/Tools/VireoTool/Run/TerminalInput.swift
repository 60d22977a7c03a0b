// What a person types, on its way to the guest.

import Dispatch
import Foundation

enum TerminalInput {
  /// Sends lines to the guest, ended as the serial line ends them, once `isListening` is signalled: firmware drops what
  /// arrives before. At the end of input types `halt`.
  static func forward(to guest: FileHandle, once isListening: DispatchSemaphore) {
    Thread.detachNewThread {
      isListening.wait()
      while let line = readLine() {
        guard (try? guest.write(contentsOf: Data("\(line)\r".utf8))) != nil else { return }
      }
      try? guest.write(contentsOf: Data("halt\r".utf8))
    }
  }
}
