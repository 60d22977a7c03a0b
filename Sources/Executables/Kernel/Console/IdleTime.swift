#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform

  /// What the shell does while nobody types: it takes what devices tell by themselves, and has the processor sleep until a
  /// keyboard interrupts. The serial line, and whatever else does not interrupt, is looked at every few milliseconds.
  final class IdleTime {
    /// How long what does not interrupt may go unseen.
    private static let period = TimeSpan.milliseconds(5)
    /// How long the processor stays awake for what may come next, as on a serial line with room for 16 bytes.
    private static let alertness = TimeSpan.milliseconds(20)

    private let manager: DeviceManager
    private let clock: CounterClock
    private let lines: DeviceLines?
    private var waiter: HaltingWaiter?
    private var awakeUntil = MonotonicTime(nanoseconds: 0)
    private var readCount: UInt = 0

    /// Sleeps only where devices are to interrupt.
    init(_ table: DeviceTable) {
      manager = table.manager
      clock = table.clock
      lines = table.lines
      waiter = table.lines.map { HaltingWaiter($0.interrupts) }
    }

    /// To be called when there is nothing to do; returns when there may be something.
    func pause() {
      manager.serveAll()
      let now = clock.now
      if terminal.readCount != readCount {
        readCount = terminal.readCount
        awakeUntil = now + Self.alertness
      }
      guard let lines, waiter != nil, now >= awakeUntil else { return relaxProcessor() }
      let inputs = terminal.inputs
      if inputs?.arm() == false { return }
      let deadline = min(now + Self.period, inputs?.nextRepetition ?? now + Self.period)
      let before = deviceInterrupts(lines)
      waiter?.wait(until: deadline)
      if deviceInterrupts(lines) != before { inputs?.wake() }
      lines.lookForProblems()
    }

    private func deviceInterrupts(_ lines: DeviceLines) -> UInt {
      let counts = lines.interrupts.statistics
      return counts.handled &- counts.timer &- counts.software
    }
  }
#endif
