#if os(none)
  import BareMetal
  import DevicePlatform
  import Synchronization

  /// Checks of interrupts without any device but the serial line: that they come, that the processor sleeps and wakes,
  /// that nothing is lost and nothing is harmed.
  struct InterruptCheck {
    private let interrupts: Interrupts?
    private let clock: CounterClock
    private let report: Report
    /// How often a race is run.
    private let repetitions: Int

    /// Nothing is checked yet.
    ///
    /// - Parameter interrupts: started already; nil when the machine's controller is not known.
    init(interrupts: Interrupts?, length: SelfCheckLength, clock: CounterClock, report: Report) {
      repetitions = length == .whole ? 10_000 : 100
      self.interrupts = interrupts
      self.clock = clock
      self.report = report
    }

    private func expect(_ passed: Bool, _ what: String, because reason: String? = nil) {
      report.expect(passed, "interrupts: " + what, because: reason)
    }

    /// Runs all checks.
    func run() {
      guard let interrupts else {
        // Not a failure: the machine has none that is driven here, and everything polls.
        return report.note("interrupts: the machine's controller is not known, and devices are polled")
      }
      say("# interrupts: \(interrupts.words)")
      checkSleep(interrupts)
      checkPollingFirst(interrupts)
      checkWakeBeforeCheck(interrupts)
      checkWakeBeforeSleep(interrupts)
      checkRegisters(interrupts)
      checkMessages(interrupts)
      checkLine(interrupts)
      checkStorm(interrupts)
      let spurious = interrupts.statistics.spurious
      expect(spurious == 0, "none was spurious", because: "\(spurious) were")
    }

    /// Nothing but the timer ends this wait.
    private func checkSleep(_ interrupts: Interrupts) {
      let before = interrupts.statistics
      var waiter = HaltingWaiter(interrupts)
      let start = clock.now
      let deadline = start + .milliseconds(50)
      while clock.now < deadline { waiter.wait(until: deadline) }
      let elapsed = clock.now - start
      let after = interrupts.statistics
      let timers = after.timer - before.timer
      expect(
        waiter.halts > 0 && after.halts - before.halts == waiter.halts && timers > 0 && timers <= waiter.halts
          && elapsed < .seconds(2),
        "the processor sleeps for 50 ms, the timer wakes it",
        because: "\(waiter.halts) halts, \(timers) timer interrupts, \(elapsed.nanoseconds) ns")
    }

    /// Polls for a while, then sleeps; a new deadline begins a new while.
    private func checkPollingFirst(_ interrupts: Interrupts) {
      var waiter = AdaptiveWaiter(interrupts, pollingFor: .milliseconds(2))
      var rounds: [Bool] = []
      for _ in 0..<2 {
        let (polls, halts) = (waiter.polls, waiter.halts)
        let start = clock.now
        let deadline = start + .seconds(1)
        // So that the sleep is short, however busy the host is: an alarm that is earlier than a deadline stays.
        interrupts.armTimer(at: start + .milliseconds(5))
        while waiter.halts == halts, clock.now < deadline { waiter.wait(until: deadline) }
        rounds.append(waiter.polls > polls && waiter.halts > halts && clock.now - start > .milliseconds(2))
      }
      expect(
        rounds == [true, true], "a waiter that polls for 2 ms sleeps after that",
        because: "\(waiter.polls) polls, \(waiter.halts) halts")
    }

    /// The interrupt comes after the caller has looked, before interrupts are masked: there must be no sleep.
    private func checkWakeBeforeCheck(_ interrupts: Interrupts) {
      var waiter = HaltingWaiter(interrupts)
      var lost = 0
      for _ in 0..<repetitions where lost == 0 {
        let deadline = clock.now + .seconds(1)
        interrupts.raise()
        waiter.wait(until: deadline)
        if clock.now >= deadline { lost += 1 }
      }
      expect(
        lost == 0 && waiter.halts == 0,
        "an interrupt before the last look keeps the processor awake, \(repetitions) times",
        because: "\(lost) lost, \(waiter.halts) halts")
    }

    /// The interrupt comes between the last look and the sleep: it must end the sleep.
    private func checkWakeBeforeSleep(_ interrupts: Interrupts) {
      var waiter = HaltingWaiter(interrupts)
      var lost = 0
      var rounds = 0
      // A timer that was armed before may add an interrupt of its own, and then there is one sleep less.
      while waiter.halts < repetitions, lost == 0, rounds < 2 * repetitions {
        rounds += 1
        let deadline = clock.now + .seconds(1)
        waiter.wait(until: deadline) { interrupts.raise() }
        if clock.now >= deadline { lost += 1 }
      }
      expect(
        lost == 0 && waiter.halts == repetitions,
        "an interrupt between the last look and the sleep ends the sleep, \(repetitions) times",
        because: "\(lost) lost, \(waiter.halts) halts in \(rounds) rounds")
    }

    /// Timer interrupts, whose handler uses vector registers, fall into a computation that does, too.
    private func checkRegisters(_ interrupts: Interrupts) {
      let ticker = Ticker(interrupts, ticks: repetitions)
      interrupts.setTimerHandler(ticker)
      let deadline = clock.now + .seconds(20)
      ticker.handleInterrupt()
      var state = SIMD16<UInt64>(repeating: 1)
      var expected: UInt64 = 1
      while ticker.left > 0, clock.now < deadline {
        for _ in 0..<64 {
          state = state ^ (state &<< 1) ^ (state &>> 7) &+ 0x9e37_79b9
          expected = expected ^ (expected &<< 1) ^ (expected &>> 7) &+ 0x9e37_79b9
        }
      }
      interrupts.setTimerHandler(nil)
      expect(
        ticker.left == 0 && state == SIMD16(repeating: expected),
        "\(repetitions) timer interrupts leave all registers of a computation alone",
        because: "\(ticker.left) did not come")
    }

    /// Messages come to their handlers, and run out, where the controller takes any.
    private func checkMessages(_ interrupts: Interrupts) {
      var messages: [InterruptMessage] = []
      var handlers: [MessageHandler] = []
      while messages.count < 4 {
        let handler = MessageHandler()
        guard let message = interrupts.allocateMessage(handler: handler) else { break }
        messages.append(message)
        handlers.append(handler)
      }
      if messages.isEmpty { return }
      for (index, message) in messages.enumerated() {
        for _ in 0...index { interrupts.raise(message) }
      }
      let counts = handlers.map { $0.count }
      for message in messages { interrupts.free(message) }
      expect(counts == [1, 2, 3, 4], "messages come to their own handlers", because: "\(counts)")
    }

    /// A device's line: once per event, not while masked, and kept for later then.
    private func checkLine(_ interrupts: Interrupts) {
      let (line, trigger) = Machine.consoleInterrupt
      let console = Machine.console
      let handler = ConsoleHandler(isStuck: false)
      let isEnabled = interrupts.enable(line, trigger: trigger, handler: handler)
      let isRefused = !interrupts.enable(line, trigger: trigger, handler: handler)
      let isMissing = !interrupts.enable(InterruptLine(.max), trigger: trigger, handler: handler)
      expect(isEnabled && isRefused && isMissing, "a line has one handler, a line that does not exist has none")

      console.setTransmitInterrupt(true)
      say("# interrupts: this line interrupts when it is out")
      let first = wait(interrupts) { handler.count > 0 }
      let seen = handler.count
      expect(
        first && interrupts.count(of: line) == seen, "the serial line interrupts when a text is out",
        because: "\(seen) times, \(interrupts.count(of: line)) counted")

      interrupts.mask(line)
      let before = handler.count
      say("# interrupts: this one does not, for its line is masked")
      let isPending = wait(interrupts) { interrupts.isPending(line) ?? true }
      let masked = handler.count
      interrupts.unmask(line)
      let isDelivered = wait(interrupts) { handler.count > masked }
      console.setTransmitInterrupt(false)
      expect(
        isPending && masked == before && isDelivered, "a masked line stays pending, and is delivered when unmasked",
        because: "pending \(isPending), \(masked - before) while masked, delivered \(isDelivered)")
      interrupts.disable(line)
      expect(interrupts.takeProblem() == nil, "nothing was out of order so far")
    }

    /// A device that is never acknowledged: it interrupts for ever, if nobody stops it.
    private func checkStorm(_ interrupts: Interrupts) {
      let (line, trigger) = Machine.consoleInterrupt
      let handler = ConsoleHandler(isStuck: true)
      let isEnabled = interrupts.enable(line, trigger: trigger, handler: handler)
      Machine.console.setTransmitInterrupt(true)
      var problem: InterruptProblem?
      _ = wait(interrupts) {
        problem = interrupts.takeProblem()
        return problem != nil
      }
      let count = handler.count
      var waiter = HaltingWaiter(interrupts)
      // Again where the host took the processor away for all of the time.
      for _ in 0..<100 where waiter.halts == 0 {
        let deadline = clock.now + .milliseconds(5)
        while clock.now < deadline { waiter.wait(until: deadline) }
      }
      let isQuiet = handler.count == count && waiter.halts > 0
      Machine.console.setTransmitInterrupt(false)
      interrupts.disable(line)
      say("# interrupts: \(problem?.words ?? "no problem")")
      expect(
        isEnabled && problem == .storm(line, count: UInt32(count)) && isQuiet,
        "a storm is masked and reported, and the machine goes on",
        because: "\(count) interrupts, quiet afterwards \(isQuiet)")
    }

    /// Waits until `condition` holds; false if it does not within two seconds.
    private func wait(_ interrupts: Interrupts, until condition: () -> Bool) -> Bool {
      var waiter = HaltingWaiter(interrupts)
      let deadline = clock.now + .seconds(2)
      while !condition() {
        if clock.now >= deadline { return false }
        waiter.wait(until: min(deadline, clock.now + .milliseconds(1)))
      }
      return true
    }
  }

  /// Counts.
  private final class MessageHandler: InterruptHandler {
    private let seen = Atomic<Int>(0)
    var count: Int { seen.load(ordering: .relaxed) }
    func handleInterrupt() { seen.wrappingAdd(1, ordering: .relaxed) }
  }

  /// Arms the timer again and again.
  private final class Ticker: InterruptHandler {
    private let interrupts: Interrupts
    private let remaining: Atomic<Int>
    private let sum = Atomic<UInt64>(0)

    init(_ interrupts: Interrupts, ticks: Int) {
      self.interrupts = interrupts
      remaining = Atomic(ticks + 1)
    }

    var left: Int { remaining.load(ordering: .relaxed) }

    func handleInterrupt() {
      let left = remaining.wrappingSubtract(1, ordering: .relaxed).newValue
      sum.store(scrambled(UInt64(left)), ordering: .relaxed)
      if left > 0 { interrupts.armTimer(at: interrupts.clock.now + .microseconds(5)) }
    }

    /// Fills vector registers.
    @inline(never)
    private func scrambled(_ seed: UInt64) -> UInt64 {
      var vector = SIMD32<UInt64>(repeating: seed)
      for _ in 0..<2 { vector = vector ^ (vector &<< 3) ^ (vector &>> 2) }
      return vector.wrappedSum()
    }
  }

  /// Counts the serial line's interrupts, and ends each of them; unless it is to be stuck.
  final class ConsoleHandler: InterruptHandler {
    private let isStuck: Bool
    private let seen = Atomic<Int>(0)

    init(isStuck: Bool) { self.isStuck = isStuck }

    var count: Int { seen.load(ordering: .relaxed) }

    func handleInterrupt() {
      seen.wrappingAdd(1, ordering: .relaxed)
      if !isStuck { return Machine.console.acknowledgeTransmitInterrupt() }
      // Low and high again: QEMU's PLIC does not see that a line stays high.
      Machine.console.setTransmitInterrupt(false)
      Machine.console.setTransmitInterrupt(true)
    }
  }
#endif
