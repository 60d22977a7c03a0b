import CVirtualMachine
import Foundation
import Glibc
import Synchronization

extension ChildProcess {
  /// What the program's thread and its owner share.
  // Unchecked: `state` is touched under the condition's lock only.
  final class Record: @unchecked Sendable {
    struct State {
      var status: VirtualMachineError.ExitStatus?
      var output: [UInt8] = []
      var error: [UInt8] = []
      var isOutputOpen = true
    }

    private var state = State()
    private let condition = NSCondition()
    private let keeps: Output

    init(keeps: Output) { self.keeps = keeps }

    private static let errorLimit = 256 << 10
    private static let collectedLimit = 1 << 20
    private static let takenLimit = 4 << 20

    private func locked<Result>(_ body: (inout State) -> Result) -> Result {
      condition.lock()
      defer {
        condition.broadcast()
        condition.unlock()
      }
      return body(&state)
    }

    var status: VirtualMachineError.ExitStatus? { locked { $0.status } }
    var outputBytes: [UInt8] { locked { $0.output } }
    var errorBytes: [UInt8] { locked { $0.error } }

    /// Waits until `body` returns something; nil when the time has passed.
    func wait<Result>(until deadline: ContinuousClock.Instant, _ body: (inout State) -> Result?) -> Result? {
      condition.lock()
      defer {
        condition.broadcast()
        condition.unlock()
      }
      while true {
        if let result = body(&state) { return result }
        let left = deadline - .now
        guard left > .zero else { return nil }
        // The condition counts in wall-clock time, which may be set: no wait is long.
        _ = condition.wait(until: Date(timeIntervalSinceNow: min(left / .seconds(1), 0.1)))
      }
    }

    func signal(_ process: Int32, _ number: Int32) {
      locked { state in
        if state.status == nil { _ = Glibc.kill(process, number) }
      }
    }

    /// Collects what the program writes until it has ended, then reaps it.
    func attend(_ process: Int32, output: Pipe?, error: Pipe?) {
      var (output, error) = (output, error)
      if output == nil { locked { $0.isOutputOpen = false } }
      // Its pipes may be held open for longer by what it left behind.
      var hasEnded = false
      while output != nil || error != nil {
        // What is left when the program has ended fits into a pipe.
        let isFull = !hasEnded && keeps == .taken && locked { $0.output.count >= Self.takenLimit }
        var entries = [error?.reading ?? -1, isFull ? -1 : output?.reading ?? -1].map {
          pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        // An array of two. The timeout is for a full buffer, and for a program that leaves its streams to a child.
        let ready = unsafe poll(&entries, 2, isFull ? 5 : 100)
        if ready > 0 {
          if entries[0].revents != 0, let pipe = error, !collect(pipe, into: \.error) { error = nil }
          if entries[1].revents != 0, let pipe = output, !collect(pipe, into: \.output) {
            output = nil
            locked { $0.isOutputOpen = false }
          }
        } else if hasEnded {
          break
        } else {
          hasEnded = vm_wait(process, 0) != 0
        }
      }
      _ = vm_wait(process, 1)
      // Reaped and recorded under the lock: nobody sends a signal to a number that the kernel may have given away.
      locked { state in
        let status = vm_reap(process)
        state.status = status >= 256 ? .signalled(status - 256) : .exited(status)
        state.isOutputOpen = false
      }
    }

    /// False at the end.
    private func collect(_ pipe: Pipe, into bytes: WritableKeyPath<State, [UInt8]>) -> Bool {
      var chunk = [UInt8](repeating: 0, count: 65_536)
      // At most the array's size.
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(pipe.reading, $0.baseAddress, $0.count) }
      guard count > 0 else { return count < 0 && errno == EINTR }
      locked { state in
        let limit = bytes == \.error ? Self.errorLimit : keeps == .taken ? Int.max : Self.collectedLimit
        state[keyPath: bytes] += chunk[..<min(count, max(0, limit - state[keyPath: bytes].count))]
      }
      return true
    }
  }

  /// The programs that run at present.
  enum Running {
    private static let records = Mutex<[Int32: Record]>([:])

    static func insert(_ process: Int32, _ record: Record) { records.withLock { $0[process] = record } }
    static func remove(_ process: Int32) { records.withLock { _ = $0.removeValue(forKey: process) } }
    static var all: [Int32: Record] { records.withLock { $0 } }
  }

  /// A pipe from a program to here.
  // Unchecked: only the program's thread touches it after its making.
  final class Pipe: @unchecked Sendable {
    let reading: Int32
    private(set) var writing: Int32

    init() throws(VirtualMachineError) {
      var ends: [Int32] = [-1, -1]
      // Room for the two that the call writes.
      let result = unsafe ends.withUnsafeMutableBufferPointer { unsafe vm_pipe($0.baseAddress) }
      guard result == 0 else { throw .system(doing: "making a pipe", errno: -result) }
      (reading, writing) = (ends[0], ends[1])
    }

    func closeWriting() {
      if writing >= 0 { close(writing) }
      writing = -1
    }

    deinit {
      close(reading)
      if writing >= 0 { close(writing) }
    }
  }
}

extension Duration {
  /// Whole milliseconds, for messages.
  var milliseconds: Int { Int(self / .milliseconds(1)) }

  /// Nanoseconds, none below zero.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard self > .zero else { return 0 }
    return UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
  }
}
