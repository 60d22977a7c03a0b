// What a device did wrong, in the words that its author needs.

import VhostUser
import VirtIO
import VirtIOBlock
import VirtIOGPU

/// A device that does not do what it should: what was seen, and which clause it breaks where there is one.
package struct DeviceProblem: Error, Equatable, CustomStringConvertible {
  package let words: String
  package let clause: String?

  package var description: String { clause.map { "\(words); breaks \"\($0)\"" } ?? words }

  package init(_ words: String, clause: String?) {
    self.words = words
    self.clause = clause
  }

  package init(_ error: VhostUserError) { self.init(error.words, clause: error.clause) }

  /// - Parameter device: what went wrong with the connection comes before its consequences.
  init(_ error: BringupError, of device: VhostUserDevice) {
    self = device.failure.map { DeviceProblem($0) } ?? DeviceProblem(error.words, clause: error.clause)
  }

  init(_ error: GPUError, of device: VhostUserDevice) {
    self = device.failure.map { DeviceProblem($0) } ?? DeviceProblem(error.words, clause: error.clause)
  }

  init(_ error: BlockError, of device: VhostUserDevice) {
    if let failure = device.failure {
      self.init(failure)
    } else if case .deviceFailed(let fault) = error {
      self.init(fault.words, clause: fault.clause)
    } else {
      self.init(error.words, clause: nil)
    }
  }
}
