import DevicePlatform
import Synchronization
public import VirtualMachine

/// A conversation with QEMU's qtest server: one line per command, one line per answer, and interrupt lines in between.
///
/// Commands are performed in their order. Calls from several threads do not mix, but one thread is meant.
public final class QTestConnection: Sendable {
  /// A change of an interrupt line at the intercepted controller.
  public struct InterruptChange: Equatable, Sendable {
    /// The controller's input.
    public var line: Int
    /// Its level from now on.
    public var isRaised: Bool

    /// A change as it is logged; for comparisons.
    public init(line: Int, isRaised: Bool) {
      self.line = line
      self.isRaised = isRaised
    }
  }

  private struct State: Sendable {
    var socket: LineSocket
    var failure: QTestError?
    /// Answers that are still to come.
    var outstanding = 0
    var postsWrites = false
    var changes: [InterruptChange] = []
    var changeCount = 0
    var raised: Set<Int> = []
  }

  private let state: Mutex<State>
  private let process: ChildProcess

  /// How many interrupt changes are kept until they are taken; later ones are counted only.
  public static let interruptLogLimit = 65_536
  /// How many posted writes may be unanswered.
  static let postedLimit = 64

  init(_ socket: SocketEnd, process: ChildProcess) {
    state = Mutex(State(socket: LineSocket(socket, name: "qtest")))
    self.process = process
  }

  /// How many milliseconds each command is given.
  public var timeout: Int {
    get { state.withLock { $0.socket.timeout } }
    set { state.withLock { $0.socket.timeout = newValue } }
  }

  /// The first thing that went wrong, after which registers read as all ones and nothing more is sent: the emulator's
  /// end, a missed deadline, or a refused register access.
  public var failure: QTestError? { state.withLock { $0.failure } }

  /// True to let register writes go without waiting for their answer, as a bus posts writes: driver and device then
  /// run at the same time. The next read, or `synchronize`, waits for them all.
  public var postsWrites: Bool {
    get { state.withLock { $0.postsWrites } }
    set { state.withLock { $0.postsWrites = newValue } }
  }

  /// Performs a command and returns what follows `OK`.
  @discardableResult
  public func execute(_ command: String) throws(QTestError) -> String {
    try perform { (state) throws(QTestError) in try self.run(command, &state) }
  }

  /// Waits until all posted writes have been performed, and until the emulator's main loop has come back to this
  /// connection: a device that has used a buffer there has sent its interrupt by then, too.
  public func synchronize() throws(QTestError) { try execute("endianness") }

  /// Watches the inputs of an interrupt controller: one per emulator.
  public func interceptInterrupts(of controller: String) throws(QTestError) {
    try execute("irq_intercept_in \(controller)")
  }

  /// Takes the interrupt changes that have arrived since the last time, in their order.
  public func takeInterruptChanges() throws(QTestError) -> [InterruptChange] {
    try perform { (state) throws(QTestError) in
      try self.absorb(&state)
      defer { state.changes = [] }
      return state.changes
    }
  }

  /// How many interrupt changes there were in all, taken or not.
  public var interruptChangeCount: Int { state.withLock { $0.changeCount } }

  /// True while a line is raised, as far as the server has told.
  public func isRaised(line: Int) -> Bool { state.withLock { $0.raised.contains(line) } }

  /// Gives the emulator time, and listens; returns early when it says something.
  func wait(until deadline: MonotonicTime) {
    _ = try? perform { (state) throws(QTestError) in
      state.socket.waitForInput(until: .now + .nanoseconds((deadline - HostClock().now).nanoseconds))
      try self.absorb(&state)
    }
  }

  /// A register read; all ones when it fails, and `failure` says why.
  func load(_ command: String) -> UInt64 {
    let value = try? perform { (state) throws(QTestError) in
      do throws(QTestError) {
        let text = try self.run(command, &state)
        guard let value = UInt64(hexadecimal: text) else { throw .malformed(what: "answer to \(command)", found: text) }
        return value
      } catch {
        state.failure = error
        throw error
      }
    }
    return value ?? .max
  }

  /// A register write; nothing when it fails, and `failure` says why.
  func store(_ command: String) {
    _ = try? perform { (state) throws(QTestError) in
      do throws(QTestError) {
        guard state.postsWrites else { return _ = try self.run(command, &state) }
        while state.outstanding >= Self.postedLimit { _ = try self.answer("a posted write", &state) }
        try state.socket.send(command, until: state.socket.deadline)
        state.outstanding += 1
      } catch {
        state.failure = error
        throw error
      }
    }
  }

  // MARK: Under the lock

  /// Calls `body` under the lock unless the connection has failed, and remembers a failure that ends the conversation.
  private func perform<Result: Sendable>(
    _ body: (inout State) throws(QTestError) -> Result
  ) throws(QTestError) -> Result {
    try state.withLock { (state) throws(QTestError) in
      if let failure = state.failure { throw failure }
      do throws(QTestError) {
        return try body(&state)
      } catch {
        let reason = process.explaining(error)
        // A refusal leaves both sides in step; anything else does not.
        if case .refused = reason, state.failure == nil { throw reason }
        state.failure = reason
        throw reason
      }
    }
  }

  private func run(_ command: String, _ state: inout State) throws(QTestError) -> String {
    try state.socket.send(command, until: state.socket.deadline)
    state.outstanding += 1
    while state.outstanding > 1 { _ = try answer("a posted write", &state) }
    return try answer(command, &state)
  }

  /// The next answer, after the interrupt lines before it.
  private func answer(_ command: String, _ state: inout State) throws(QTestError) -> String {
    let deadline = state.socket.deadline
    while true {
      let line = try state.socket.line(for: "answer to \(command.prefix(60))", until: deadline)
      if let text = try digest(line, command, &state) { return text }
    }
  }

  /// Everything that has arrived.
  private func absorb(_ state: inout State) throws(QTestError) {
    while let line = try state.socket.waitingLine() {
      let expected = state.outstanding
      if try digest(line, "a posted write", &state) != nil, expected == 0 {
        throw .malformed(what: "qtest answer without a command", found: line)
      }
    }
  }

  /// Notes an interrupt line, or returns an answer's text.
  private func digest(_ line: String, _ command: String, _ state: inout State) throws(QTestError) -> String? {
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "IRQ":
      try note(line, &state)
      return nil
    case "OK":
      state.outstanding -= 1
      return words.count > 1 ? String(words[1]) : ""
    default:
      state.outstanding -= 1
      throw .refused(command: String(command.prefix(200)), reply: line)
    }
  }

  private func note(_ line: String, _ state: inout State) throws(QTestError) {
    let words = line.split(separator: " ")
    guard words.count == 3, words[1] == "raise" || words[1] == "lower", let number = Int(words[2]) else {
      throw .malformed(what: "qtest interrupt line", found: line)
    }
    let change = InterruptChange(line: number, isRaised: words[1] == "raise")
    if change.isRaised { state.raised.insert(number) } else { state.raised.remove(number) }
    state.changeCount += 1
    if state.changes.count < Self.interruptLogLimit { state.changes.append(change) }
  }
}

extension UInt64 {
  /// A number as the qtest server writes it: `0x` and hexadecimal digits.
  init?(hexadecimal text: String) {
    guard text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) else { return nil }
    self = value
  }
}
