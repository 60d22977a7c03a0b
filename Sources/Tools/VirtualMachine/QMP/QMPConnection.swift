import Foundation
import Synchronization

/// A conversation with the monitor (QMP) of QEMU or one of its daemons: JSON commands and answers, and events in
/// between.
///
///     let state = try monitor.execute("query-status")["status"]?.text
///     try monitor.execute("system_reset")
///     try monitor.waitForEvent("RESET")
///
/// Calls from several threads take turns. A refused command throws and leaves the conversation as it was; after any
/// other error every call fails at once with the same reason.
public final class QMPConnection: Sendable {
  private struct State: Sendable {
    var socket: LineSocket
    var failure: VirtualMachineError?
    var events: [QMPEvent] = []
  }

  private let state: Mutex<State>
  private let process: ChildProcess
  /// How many events are kept until they are taken; the oldest go first.
  public static let eventLimit = 4096

  /// Takes over a socket and exchanges greetings.
  ///
  /// - Throws: `programTooOld`, next to what goes wrong with any command.
  init(_ socket: SocketEnd, process: ChildProcess, timeout: Int) throws(VirtualMachineError) {
    self.process = process
    let socket = LineSocket(socket, name: "QMP")
    socket.timeout = timeout
    state = Mutex(State(socket: socket))
    try perform { (state) throws(VirtualMachineError) in
      let greeting = try self.next("greeting", &state)
      guard let version = QEMUVersion(greeting: greeting) else {
        throw .malformed(what: "QMP greeting", found: "\(greeting)")
      }
      if version < .oldest { throw .programTooOld(process.program, version: version, oldest: .oldest) }
    }
    try execute("qmp_capabilities")
  }

  /// What ended this conversation, if something did.
  public var failure: VirtualMachineError? { state.withLock { $0.failure } }

  /// How many milliseconds each command is given.
  public var timeout: Int {
    get { state.withLock { $0.socket.timeout } }
    set { state.withLock { $0.socket.timeout = newValue } }
  }

  /// Performs a command and returns its result.
  ///
  /// - Throws: `commandFailed` when it was refused.
  @discardableResult
  public func execute(
    _ command: String, _ arguments: [String: QMPValue] = [:]
  ) throws(VirtualMachineError) -> QMPValue {
    let message = QMPValue.object(["execute": .string(command), "arguments": .object(arguments)])
    let encoded: Data
    do {
      encoded = try JSONEncoder().encode(message)
    } catch {
      throw .malformed(what: "QMP command", found: "\(error)")
    }
    return try perform { (state) throws(VirtualMachineError) in
      try state.socket.send(String(decoding: encoded, as: UTF8.self), until: state.socket.deadline)
      while true {
        let answer = try self.next("answer to \(command)", &state)
        if let result = answer["return"] { return result }
        if let error = answer["error"] {
          throw .commandFailed(
            command: command, errorClass: error["class"]?.text ?? "?", reason: error["desc"]?.text ?? "?")
        }
        try Self.note(answer, &state)
      }
    }
  }

  /// Performs a command of the human monitor and returns what it printed.
  @discardableResult
  public func executeHuman(_ command: String) throws(VirtualMachineError) -> String {
    let printed = try execute("human-monitor-command", ["command-line": .string(command)])
    guard let text = printed.text else { throw .malformed(what: "answer to \(command)", found: "\(printed)") }
    return text
  }

  /// Takes the events that have arrived so far, in their order.
  public func takeEvents() throws(VirtualMachineError) -> [QMPEvent] {
    try perform { (state) throws(VirtualMachineError) in
      while let line = try state.socket.waitingLine() { try Self.note(try Self.decode(line), &state) }
      defer { state.events = [] }
      return state.events
    }
  }

  /// Waits for an event, and takes it and all before it. Those that arrived with earlier answers count.
  ///
  /// - Throws: `deadlinePassed` after the connection's timeout: then the conversation goes on.
  @discardableResult
  public func waitForEvent(
    _ name: String, where matches: @Sendable (QMPValue) -> Bool = { _ in true }
  ) throws(VirtualMachineError) -> QMPEvent {
    let found: Result<QMPEvent, VirtualMachineError> = try perform { (state) throws(VirtualMachineError) in
      let deadline = state.socket.deadline
      while true {
        while let event = state.events.first {
          state.events.removeFirst()
          if event.name == name, matches(event.data) { return .success(event) }
        }
        if let line = try state.socket.waitingLine() {
          try Self.note(try Self.decode(line), &state)
          continue
        }
        guard ContinuousClock.now < deadline else {
          let reason = VirtualMachineError.deadlinePassed(
            waitingFor: "QMP: event \(name)", milliseconds: state.socket.timeout)
          return .failure(reason)
        }
        // An end of the stream is ready, too, and brings no line.
        if state.socket.isAtEnd { throw .connectionClosed(state.socket.name) }
        state.socket.waitForInput(until: deadline)
      }
    }
    return try found.get()
  }

  private static func note(_ message: QMPValue, _ state: inout State) throws(VirtualMachineError) {
    guard let event = QMPEvent(message: message) else { throw .malformed(what: "QMP answer", found: "\(message)") }
    if state.events.count == eventLimit { state.events.removeFirst() }
    state.events.append(event)
  }

  private func next(_ what: String, _ state: inout State) throws(VirtualMachineError) -> QMPValue {
    try Self.decode(try state.socket.line(for: what, until: state.socket.deadline))
  }

  private static func decode(_ line: String) throws(VirtualMachineError) -> QMPValue {
    do {
      return try JSONDecoder().decode(QMPValue.self, from: Data(line.utf8))
    } catch {
      throw .malformed(what: "QMP line", found: line)
    }
  }

  /// Calls `body` under the lock unless the connection has failed; remembers a failure that ends the conversation.
  private func perform<Result: Sendable>(
    _ body: (inout State) throws(VirtualMachineError) -> Result
  ) throws(VirtualMachineError) -> Result {
    try state.withLock { (state) throws(VirtualMachineError) in
      if let failure = state.failure { throw failure }
      do throws(VirtualMachineError) {
        return try body(&state)
      } catch {
        let reason = process.explaining(error)
        if case .commandFailed = reason { throw reason }
        state.failure = reason
        throw reason
      }
    }
  }
}
