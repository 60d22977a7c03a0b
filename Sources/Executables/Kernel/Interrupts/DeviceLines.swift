#if os(none)
  import BareMetal
  import VirtIO

  /// What a line calls: the device's interrupt side, then that of the next device on the same line.
  final class DeviceInterrupt<Source: InterruptSource>: InterruptHandler {
    private let handle: InterruptHandle<Source>
    private let next: (any InterruptHandler)?

    /// A handler of one device, in front of those that the line has already.
    init(_ handle: InterruptHandle<Source>, next: (any InterruptHandler)?) {
      self.handle = handle
      self.next = next
    }

    func handleInterrupt() {
      handle.handleInterrupt()
      next?.handleInterrupt()
    }
  }

  /// The lines that devices use, some of them together, and who waits how.
  final class DeviceLines {
    /// The machine's interrupts.
    let interrupts: Interrupts
    /// How to wait for devices.
    let policy: WaitPolicy
    private let report: Report
    private var used: [(line: InterruptLine, handler: any InterruptHandler)] = []
    private var connections: [DeviceConnection] = []
    /// Lines that were out of order, and are masked: no device gets them any more.
    private var lost: [InterruptLine] = []
    /// What was out of order, and has been reported.
    private(set) var problems: [InterruptProblem] = []

    /// No line is used yet.
    init(_ interrupts: Interrupts, policy: WaitPolicy, report: Report) {
      self.interrupts = interrupts
      self.policy = policy
      self.report = report
    }

    /// Has the device's interrupts arrive; nil when they cannot: the controller has no such line, or somebody else has
    /// it.
    ///
    /// - Parameter handle: the device's interrupt side, by its line.
    func connect<Source: InterruptSource>(
      _ handle: InterruptHandle<Source>, by way: InterruptWay, name: String
    ) -> DeviceConnection? {
      // A device that interrupted too early may have spoilt a line that others have, and that it was to share.
      lookForProblems()
      switch way {
      case .unknown: return nil
      case .line(let route): if !share(route, handle) { return nil }
      case .messages(let messages):
        messages.deliver(to: handle.mailbox)
        if messages.earlyCount > 0 {
          report.note("\(name): interrupted before anybody listened, and was masked until then")
        }
      }
      let connection = DeviceConnection(self, way)
      connections.append(connection)
      return connection
    }

    private func share<Source: InterruptSource>(_ route: InterruptRoute, _ handle: InterruptHandle<Source>) -> Bool {
      if lost.contains(route.line) { return false }
      guard let index = used.firstIndex(where: { $0.line == route.line }) else {
        let handler = DeviceInterrupt(handle, next: nil)
        guard interrupts.enable(route.line, trigger: route.trigger, handler: handler) else { return false }
        used.append((route.line, handler))
        return true
      }
      let handler = DeviceInterrupt(handle, next: used[index].handler)
      interrupts.replaceHandler(of: route.line, by: handler)
      used[index].handler = handler
      return true
    }

    /// The handler of a line that devices have.
    func handler(of line: InterruptLine) -> (any InterruptHandler)? { used.first { $0.line == line }?.handler }

    /// Reports, once each, what was out of order, and has everybody on such a line poll from now on. In constant time
    /// when nothing was.
    func lookForProblems() {
      while let problem = interrupts.takeProblem() {
        report.note(problem.words)
        problems.append(problem)
        guard let line = problem.line else { continue }
        lost.append(line)
        for connection in connections where connection.numbers.contains(line) { connection.giveUp() }
      }
    }

    /// Masks all of them. The devices are gone, or about to go.
    func disconnectAll() {
      for (line, _) in used { interrupts.disable(line) }
      for connection in connections { connection.end() }
      used = []
      connections = []
      lost = []
    }
  }
#endif
