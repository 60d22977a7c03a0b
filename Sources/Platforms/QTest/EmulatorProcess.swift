import CQTest
public import DevicePlatform
import Foundation
import Glibc
import Synchronization

/// One emulator, from its start to its end, with what it wrote to standard error.
///
/// A thread per emulator starts it, collects its standard error and reaps it. The kernel ends the emulator when that
/// thread ends, so that a crash of this process leaves none behind.
public final class EmulatorProcess: Sendable {
  /// The process ID.
  public let processID: Int32
  private let record: Record

  /// What the thread and the owner share.
  private final class Record: Sendable {
    struct State {
      var processID: Int32?
      var spawnResult: Int32?
      var status: QTestError.ExitStatus?
      var standardError: [UInt8] = []
    }
    let state = Mutex(State())
    let changed = DispatchSemaphore(value: 0)
  }

  /// How much of standard error is kept: its beginning.
  static let standardErrorLimit = 256 << 10

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: a name to be searched in PATH, or a path.
  ///   - arguments: without the program's name.
  ///   - descriptors: what the program gets as descriptors 3 and up; stay open here.
  init(program: String, arguments: [String], descriptors: [Int32]) throws(QTestError) {
    var ends: [Int32] = [-1, -1]
    // Room for the two that the call writes.
    let piped = unsafe ends.withUnsafeMutableBufferPointer { unsafe cqtest_pipe($0.baseAddress) }
    guard piped == 0 else { throw .system(doing: "making a pipe", errno: -piped) }
    let record = Record()
    let (reading, writing) = (ends[0], ends[1])
    let thread = Thread {
      let result = Self.spawn(program, arguments, descriptors, standardError: writing)
      close(writing)
      record.state.withLock {
        $0.spawnResult = result
        if result > 0 { $0.processID = result }
      }
      record.changed.signal()
      if result > 0 { Self.attend(result, reading, record) }
      close(reading)
    }
    thread.name = "emulator"
    thread.start()
    record.changed.wait()
    let result = record.state.withLock { $0.spawnResult } ?? -EINVAL
    if result == -ENOENT { throw .emulatorMissing(program: program) }
    guard result > 0 else { throw .system(doing: "starting \(program)", errno: -result) }
    processID = result
    self.record = record
  }

  deinit { signal(SIGKILL) }

  private static func spawn(
    _ program: String, _ arguments: [String], _ descriptors: [Int32], standardError: Int32
  ) -> Int32 {
    // C strings that live until the call has returned; the list ends with a null pointer as the call demands.
    var strings: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map { unsafe strdup($0) }
    unsafe strings.append(nil)
    defer { unsafe strings.forEach { unsafe free($0) } }
    return unsafe cqtest_spawn(program, strings, descriptors, Int32(descriptors.count), standardError)
  }

  /// Collects standard error until the program has ended, then reaps it.
  private static func attend(_ process: Int32, _ reading: Int32, _ record: Record) {
    var isOpen = true
    while isOpen {
      var entry = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
      // One entry, a local variable. The timeout is for a program that ends and leaves its standard error to a child.
      let ready = unsafe poll(&entry, 1, 200)
      if ready > 0 { isOpen = collect(reading, record) }
      if ready == 0 && cqtest_wait(process, 0) != 0 { isOpen = false }
    }
    _ = cqtest_wait(process, 1)
    // Reaped and recorded under the lock: nobody sends a signal to a number that the kernel may have given away.
    record.state.withLock {
      let status = cqtest_reap(process)
      $0.status = status >= 256 ? .signalled(status - 256) : .exited(status)
    }
    record.changed.signal()
  }

  /// False at the end.
  private static func collect(_ reading: Int32, _ record: Record) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    // At most the array's size.
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(reading, $0.baseAddress, $0.count) }
    guard count > 0 else { return count < 0 && errno == EINTR }
    record.state.withLock {
      let room = max(0, standardErrorLimit - $0.standardError.count)
      $0.standardError += chunk[..<min(count, room)]
    }
    return true
  }

  /// What the emulator has written to standard error so far.
  public var standardError: String { record.state.withLock { String(decoding: $0.standardError, as: UTF8.self) } }

  /// How it ended; nil while it runs.
  public var status: QTestError.ExitStatus? { record.state.withLock { $0.status } }

  /// Waits for the end; nil when it still runs at the deadline.
  public func waitForEnd(until deadline: MonotonicTime) -> QTestError.ExitStatus? {
    while true {
      if let status { return status }
      let left = deadline - HostClock().now
      if left.nanoseconds == 0 { return nil }
      // Several may wait: each passes the signal on.
      let slice = min(left.nanoseconds, 50_000_000)
      if record.changed.wait(timeout: .now() + .nanoseconds(Int(slice))) == .success { record.changed.signal() }
    }
  }

  /// Sends a signal, unless it has ended.
  func signal(_ number: Int32) {
    record.state.withLock { state in
      if state.status == nil { _ = kill(processID, number) }
    }
  }
}

extension EmulatorProcess {
  /// The reason behind a closed connection: the emulator's end, if it ended.
  func explaining(_ error: QTestError) -> QTestError {
    guard case .connectionClosed = error, let status = waitForEnd(until: HostClock().now + .seconds(2)) else {
      return error
    }
    return .emulatorEnded(
      status: status, standardError: standardError.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
