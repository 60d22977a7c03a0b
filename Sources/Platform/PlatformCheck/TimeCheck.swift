import DevicePlatform

/// Checks of a clock and of a waiter. A waiter is not asked to wait by a clock that cannot be relied on.
struct TimeCheck<Time: Clock> {
  let clock: Time
  let limits: PlatformCheckLimits
  private var isUsable = true

  init(clock: Time, limits: PlatformCheckLimits) {
    self.clock = clock
    self.limits = limits
  }

  mutating func moves() -> PlatformFinding.Outcome {
    let start = clock.now
    // A counter of 32 kHz moves once in 30 microseconds; a reading takes some nanoseconds.
    for _ in 0..<1_000_000 {
      if clock.now != start { return .holds }
      relaxProcessor()
    }
    isUsable = false
    return .broken("a million readings of \(start.nanoseconds), expected it to move")
  }

  mutating func monotonic() -> PlatformFinding.Outcome {
    var last = clock.now
    for _ in 0..<100_000 {
      let now = clock.now
      if now < last {
        isUsable = false
        return .broken("\(now.nanoseconds) after \(last.nanoseconds)")
      }
      last = now
    }
    return .holds
  }

  /// A million rounds of a loop take more than 100 microseconds on every processor, and less than a minute on every
  /// emulator.
  mutating func unit() -> PlatformFinding.Outcome {
    guard isUsable else { return .skipped("no clock to rely on") }
    let start = clock.now
    for _ in 0..<1_000_000 { relaxProcessor() }
    let span = clock.now - start
    if span > .microseconds(100), span < .seconds(60) { return .holds }
    isUsable = false
    return .broken(
      "a million rounds of a loop took \(span.nanoseconds) ns, expected 100000 to 60000000000")
  }

  mutating func agrees<W: Waiter & ~Copyable>(_ waiter: borrowing W) -> PlatformFinding.Outcome {
    guard isUsable else { return .skipped("no clock to rely on") }
    let before = clock.now
    let now = waiter.now
    let after = clock.now
    if now >= before, now <= after { return .holds }
    isUsable = false
    return .broken(
      "the waiter says \(now.nanoseconds), expected \(before.nanoseconds) to \(after.nanoseconds)")
  }

  func pastDeadline<W: Waiter & ~Copyable>(_ waiter: inout W) -> PlatformFinding.Outcome {
    guard isUsable else { return .skipped("no clock to rely on") }
    for deadline in [clock.now, MonotonicTime(nanoseconds: 0)] {
      let span = leastLateness {
        let start = clock.now
        waiter.wait(until: deadline)
        return clock.now - start
      }
      guard span <= limits.lateness else {
        return .broken("back after \(span.nanoseconds) ns, expected at once")
      }
    }
    return .holds
  }

  /// Early returns are allowed, at any time and for no reason: the deadline is waited for as drivers do, again and again.
  func deadlineKept<W: Waiter & ~Copyable>(_ waiter: inout W) -> PlatformFinding.Outcome {
    guard isUsable else { return .skipped("no clock to rely on") }
    for span in [TimeSpan.microseconds(100), .milliseconds(5), .milliseconds(20)] {
      let late = leastLateness {
        let deadline = clock.now + span
        while clock.now < deadline { waiter.wait(until: deadline) }
        return clock.now - deadline
      }
      guard late <= limits.lateness else {
        return .broken(
          "back \(late.nanoseconds) ns after the deadline, expected \(limits.lateness.nanoseconds) at most")
      }
    }
    return .holds
  }

  /// The least of what up to three attempts measure: an emulated machine may be halted by its host in the middle of one,
  /// and a waiter that is wrong is late each time.
  private func leastLateness(_ attempt: () -> TimeSpan) -> TimeSpan {
    var least = attempt()
    for _ in 0..<2 where least > limits.lateness { least = min(least, attempt()) }
    return least
  }

  /// The lost wake-up: what interrupts before the wait, and is handled before it, must not be slept through.
  func interruptWakes<W: Waiter & ~Copyable>(
    _ waiter: inout W, _ interrupt: (() -> Void)?
  ) -> PlatformFinding.Outcome {
    guard isUsable else { return .skipped("no clock to rely on") }
    guard let interrupt else { return .skipped("no interrupts here") }
    for round in 0..<8 {
      // A waiter may return for what came earlier, and has taken note of it then.
      waiter.wait(until: clock.now)
      let deadline = clock.now + .seconds(1)
      interrupt()
      waiter.wait(until: deadline)
      guard clock.now < deadline else {
        return .broken("slept until its deadline in spite of an interrupt, at attempt \(round + 1)")
      }
    }
    return .holds
  }
}
