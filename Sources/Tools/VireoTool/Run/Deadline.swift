// The hard limit of a run.

import Dispatch
import Synchronization

/// Acts once if it is not cancelled in time.
final class Deadline: Sendable {
  private enum State {
    case waiting
    case passed
    case cancelled
  }

  private let state = Mutex(State.waiting)

  init(seconds: Int?, act: @escaping @Sendable () -> Void) {
    guard let seconds else { return }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) { [self] in
      let isDue = state.withLock { state in
        guard state == .waiting else { return false }
        state = .passed
        return true
      }
      if isDue { act() }
    }
  }

  /// - Returns: whether it had passed already.
  func cancel() -> Bool {
    state.withLock { state in
      if state == .waiting { state = .cancelled }
      return state == .passed
    }
  }
}
