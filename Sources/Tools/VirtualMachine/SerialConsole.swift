import Synchronization

/// The serial line of an emulator, from here: its text, and what is typed.
///
/// What has arrived is taken when somebody waits or asks; a guest that prints more than 4 MiB meanwhile waits.
public final class SerialConsole: Sendable {
  private let process: ChildProcess
  private let text = Mutex(SerialText())

  init(_ process: ChildProcess) { self.process = process }

  /// All lines so far, the last also if it has not ended.
  public var lines: [String] {
    text.withLock { text in
      absorb(into: &text)
      return text.allLines
    }
  }

  private func absorb(into text: inout SerialText) {
    while let bytes = try? process.takeOutput(within: .zero), !bytes.isEmpty { text.receive(bytes) }
  }

  /// Waits for a line that has ended and answers to `matches`; the earliest is returned, also when it is there already.
  ///
  /// - Throws: `deadlinePassed`; `ended` when the emulator is gone and no such line was there.
  @discardableResult
  public func waitForLine(
    within limit: Duration, where matches: (String) -> Bool
  ) throws(VirtualMachineError) -> String {
    let found = try wait(within: limit, for: "a line on the serial line") { $0.lines.first(where: matches) }
    return found
  }

  /// Waits until the line that has not ended is exactly `prompt`.
  public func waitForPrompt(_ prompt: String, within limit: Duration) throws(VirtualMachineError) {
    try wait(within: limit, for: "prompt \"\(prompt)\" on the serial line") { $0.isAt(prompt: prompt) ? () : nil }
  }

  private func wait<Found>(
    within limit: Duration, for what: String, _ find: (SerialText) -> Found?
  ) throws(VirtualMachineError) -> Found {
    let deadline = ContinuousClock.now + limit
    while true {
      let taken = text.withLock { text in
        absorb(into: &text)
        return text
      }
      if let found = find(taken) { return found }
      let left = deadline - .now
      guard left > .zero else { throw .deadlinePassed(waitingFor: what, milliseconds: limit.milliseconds) }
      let bytes: [UInt8]
      do throws(VirtualMachineError) { bytes = try process.takeOutput(within: left) } catch { continue }
      guard !bytes.isEmpty else {
        // The end of the output: with the lines that came before it, one last time.
        if let found = find(text.withLock { $0 }) { return found }
        throw process.explaining(.connectionClosed("serial"))
      }
      text.withLock { _ = $0.receive(bytes) }
    }
  }

  /// Types.
  public func type(_ text: String) throws(VirtualMachineError) {
    try process.send(Array(text.utf8), within: .seconds(10))
  }

  /// Types a line and the return key.
  public func type(line: String) throws(VirtualMachineError) { try type(line + "\r") }
}
