import Synchronization

/// A lock for short sections off the data path. `Mutex` does not exist on bare metal.
///
/// Not for interrupt handlers: one that interrupts the holder on the same CPU would spin for ever.
@safe
package final class SpinLock<Value>: @unchecked Sendable {
  // `value` is touched by the holder of the flag only; that is what makes the class sendable.
  private let taken = Atomic<Bool>(false)
  private nonisolated(unsafe) var value: Value

  package init(_ value: Value) { unsafe self.value = value }

  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    while taken.exchange(true, ordering: .acquiring) {
      while taken.load(ordering: .relaxed) { relaxProcessor() }
    }
    defer { taken.store(false, ordering: .releasing) }
    return unsafe body(&value)
  }
}
