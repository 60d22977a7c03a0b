import CVirtualMachine
import Foundation
import Glibc

/// A program that was started here, from its start to its end. It does not outlive this process, however that ends.
///
/// A thread per program starts it, collects what it writes and reaps it. The kernel ends the program when that thread
/// ends: when this process returns, crashes, or is killed. Programs that it starts itself end as they see fit.
///
///     let child = try ChildProcess(.init("sh", ["-c", "echo hello"], output: .collected))
///     let status = child.waitForEnd(within: .seconds(5))   // .exited(0)
///     child.standardOutput                                 // "hello\n"
///
/// The last reference ends the program, too.
public final class ChildProcess: Sendable {
  /// The process ID.
  public let processID: Int32
  /// What was started, for messages.
  public let program: String
  let record: Record
  private let input: SocketEnd?

  /// Starts a program.
  public init(_ command: Command) throws(VirtualMachineError) {
    let error = command.error.isPiped ? try Pipe() : nil
    let output = command.output.isPiped ? try Pipe() : nil
    let pair = command.hasInput ? try SocketEnd.pair() : nil
    let record = Record(keeps: command.output)
    let started = Started(command)
    let streams = [
      pair?.theirs.descriptor ?? -1, output?.writing ?? command.output.descriptor,
      error?.writing ?? command.error.descriptor,
    ]
    let thread = Thread {
      started.spawn(streams: streams)
      output?.closeWriting()
      error?.closeWriting()
      let process = started.result
      if process > 0 { Running.insert(process, record) }
      started.done.signal()
      if process > 0 {
        record.attend(process, output: output, error: error)
        Running.remove(process)
      }
    }
    thread.name = "child process"
    thread.start()
    started.done.wait()
    pair?.theirs.close()
    let result = started.result
    if result == -ENOENT, command.folder == nil { throw .programMissing(command.program) }
    guard result > 0 else { throw .system(doing: "starting \(command.program)", errno: -result) }
    processID = result
    program = command.program
    input = pair?.ours
    self.record = record
  }

  deinit { signal(SIGKILL) }

  /// What the starting thread tells the one that asked.
  // Unchecked: written before `done` is signalled, read after it was waited for.
  private final class Started: @unchecked Sendable {
    var result: Int32 = -EINVAL
    let done = DispatchSemaphore(value: 0)
    private var command: Command?

    init(_ command: Command) { self.command = command }

    /// Starts the program. Afterwards the thread keeps none of the files: whoever made them decides when they go.
    func spawn(streams: [Int32]) {
      result = command?.spawn(streams: streams) ?? -EINVAL
      command = nil
    }
  }

  /// How it ended; nil while it runs.
  public var status: VirtualMachineError.ExitStatus? { record.status }

  /// What it has written to standard error so far: its beginning, up to 256 KiB.
  public var standardError: String { String(decoding: record.errorBytes, as: UTF8.self) }

  /// What it has written to standard output and nobody has taken.
  public var standardOutput: String { String(decoding: record.outputBytes, as: UTF8.self) }

  /// Waits for the end; nil when it still runs after that time.
  @discardableResult
  public func waitForEnd(within limit: Duration) -> VirtualMachineError.ExitStatus? {
    record.wait(until: .now + limit) { $0.status }
  }

  /// Waits for the end, however long it takes.
  @discardableResult
  public func waitForEnd() -> VirtualMachineError.ExitStatus {
    while true {
      if let status = waitForEnd(within: .seconds(3600)) { return status }
    }
  }

  /// Takes what it has written to standard output, as soon as there is something; empty at the end of it.
  ///
  /// - Throws: `deadlinePassed`.
  public func takeOutput(within limit: Duration) throws(VirtualMachineError) -> [UInt8] {
    let taken: [UInt8]? = record.wait(until: .now + limit) { state in
      guard !state.output.isEmpty else { return state.isOutputOpen ? nil : [] }
      defer { state.output = [] }
      return state.output
    }
    guard let taken else {
      throw .deadlinePassed(waitingFor: "output of \(program)", milliseconds: limit.milliseconds)
    }
    return taken
  }

  /// Writes to its standard input.
  ///
  /// - Throws: `connectionClosed` when it has ended or reads no more, `deadlinePassed` when it does not read.
  public func send(_ bytes: [UInt8], within limit: Duration) throws(VirtualMachineError) {
    guard let input else { preconditionFailure("\(program) was started without a standard input") }
    try input.send(bytes, name: "standard input of \(program)", within: limit)
  }

  /// Closes its standard input.
  public func closeInput() { input?.close() }

  /// Sends a signal, unless it has ended. A stopped process can be killed.
  public func signal(_ number: Int32) { record.signal(processID, number) }

  /// Stops it where it is (SIGSTOP): its devices, its timers and its answers, until `unfreeze`.
  public func freeze() { signal(SIGSTOP) }

  /// Lets it go on.
  public func unfreeze() { signal(SIGCONT) }

  /// Ends it at once (SIGKILL), as a crash would, and waits until it is gone.
  public func kill() {
    signal(SIGKILL)
    waitForEnd(within: .seconds(5))
  }

  /// The reason behind a closed connection: the program's end, if it ended.
  public func explaining(_ error: VirtualMachineError) -> VirtualMachineError {
    guard case .connectionClosed = error, let status = waitForEnd(within: .seconds(2)) else { return error }
    return .ended(
      program: program, status: status, standardError: standardError.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}

extension ChildProcess {
  /// Ends all programs that run at present and waits until they are gone: for a handler of a deadly signal.
  ///
  /// - Returns: how many there were.
  public static func endAll() -> Int {
    let running = Running.all
    for (process, record) in running { record.signal(process, SIGKILL) }
    let end = ContinuousClock.now + .seconds(2)
    for (_, record) in running { _ = record.wait(until: end) { $0.status } }
    return running.count
  }
}
