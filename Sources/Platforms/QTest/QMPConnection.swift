import DevicePlatform
import Foundation
import Synchronization

/// A conversation with an emulator's monitor (QMP): JSON commands and answers, and events in between.
///
/// It is a channel of its own: nothing orders it against the qtest channel but waiting for the answer there.
public final class QMPConnection: Sendable {
  private struct State: Sendable {
    var socket: LineSocket
    var failure: QTestError?
    var events: [QMPValue] = []
  }

  private let state: Mutex<State>
  private let process: EmulatorProcess
  /// How many events are kept until they are taken; the oldest go first.
  public static let eventLimit = 4096

  /// Takes over a socket and exchanges greetings.
  init(descriptor: Int32, process: EmulatorProcess, timeout: Int) throws(QTestError) {
    self.process = process
    let socket = LineSocket(descriptor: descriptor, name: "QMP")
    socket.timeout = timeout
    state = Mutex(State(socket: socket))
    try perform { (state) throws(QTestError) in
      let greeting = try self.next("greeting", &state)
      guard greeting["QMP"] != nil else { throw .malformed(what: "QMP greeting", found: "\(greeting)") }
    }
    try execute("qmp_capabilities")
  }

  /// What ended this conversation, if something did.
  public var failure: QTestError? { state.withLock { $0.failure } }

  /// How many milliseconds each command is given.
  public var timeout: Int {
    get { state.withLock { $0.socket.timeout } }
    set { state.withLock { $0.socket.timeout = newValue } }
  }

  /// Performs a command and returns its result.
  @discardableResult
  public func execute(_ command: String, _ arguments: [String: QMPValue] = [:]) throws(QTestError) -> QMPValue {
    let message = QMPValue.object(["execute": .string(command), "arguments": .object(arguments)])
    let encoded: Data
    do {
      encoded = try JSONEncoder().encode(message)
    } catch {
      throw .malformed(what: "QMP command", found: "\(error)")
    }
    return try perform { (state) throws(QTestError) in
      try state.socket.send(String(decoding: encoded, as: UTF8.self), until: state.socket.deadline)
      while true {
        let answer = try self.next("answer to \(command)", &state)
        if let result = answer["return"] { return result }
        if let error = answer["error"] {
          throw .commandFailed(
            command: command, errorClass: error["class"]?.text ?? "?", reason: error["desc"]?.text ?? "?")
        }
        guard answer["event"] != nil else { throw .malformed(what: "QMP answer", found: "\(answer)") }
        if state.events.count == Self.eventLimit { state.events.removeFirst() }
        state.events.append(answer)
      }
    }
  }

  /// Takes the events that arrived with the answers so far, in their order.
  public func takeEvents() -> [QMPValue] {
    state.withLock { state in
      defer { state.events = [] }
      return state.events
    }
  }

  private func next(_ what: String, _ state: inout State) throws(QTestError) -> QMPValue {
    let line = try state.socket.line(for: what, until: state.socket.deadline)
    do {
      return try JSONDecoder().decode(QMPValue.self, from: Data(line.utf8))
    } catch {
      throw .malformed(what: "QMP line", found: line)
    }
  }

  /// Calls `body` under the lock unless the connection has failed; remembers a failure that ends the conversation.
  private func perform<Result: Sendable>(_ body: (inout State) throws(QTestError) -> Result) throws(QTestError)
    -> Result
  {
    try state.withLock { (state) throws(QTestError) in
      if let failure = state.failure { throw failure }
      do throws(QTestError) {
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
