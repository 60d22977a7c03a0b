// What a person types, on its way to the guest.

import Dispatch
import Foundation
import VirtualMachine

enum TerminalInput {
  /// Sends lines to the guest, ended as the serial line ends them, once `isListening` is signalled: firmware drops what
  /// arrives before. At the end of input types `halt`.
  static func forward(to guest: ChildProcess, once isListening: DispatchSemaphore) {
    Thread.detachNewThread {
      isListening.wait()
      while let line = readLine() {
        guard (try? guest.send(Array("\(line)\r".utf8), within: .seconds(60))) != nil else { return }
      }
      try? guest.send(Array("halt\r".utf8), within: .seconds(60))
    }
  }
}
