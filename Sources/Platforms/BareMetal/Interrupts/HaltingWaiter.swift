#if os(none)
  public import DevicePlatform

  /// Waits with the processor asleep, until an interrupt or the deadline. Interrupts must have been started.
  ///
  /// No wake-up is ever lost. Whoever waits looks, finds nothing, and calls `wait`; the interrupt that it waits for can
  /// come at any moment. Let `seen` be the number of events that `wait` sampled last, before the caller looked:
  ///
  /// 1. Before the caller's look: the look finds what it did.
  /// 2. After the look and before `wait` has masked interrupts: it is handled, so the number of events is not `seen` any
  ///    more, and `wait` returns without sleeping. Handlers count the event after they have done their work, and `wait`
  ///    takes the sample before it returns to the caller, never after.
  /// 3. After interrupts are masked: it is not handled, but stays pending, and a pending interrupt ends the sleep however
  ///    early it came:
  ///    - aarch64: `wfi` ends for a pending interrupt although PSTATE.I masks it; it falls through when one is there
  ///      already. Only then are interrupts unmasked.
  ///    - riscv64: `wfi` ends for an interrupt that is pending in `sip` and enabled in `sie`, although `sstatus.SIE` is
  ///      clear; it falls through likewise. Only then is `SIE` set.
  ///    - x86_64: `hlt` with interrupts masked would never end, so they have to be unmasked before it. `sti` keeps them
  ///      back until the instruction that follows it has run, and that is the `hlt`: no interrupt is taken between the
  ///      two, and one that is pending ends the `hlt`.
  ///
  /// The timer is armed with interrupts masked too: if the deadline passes before the processor sleeps, that is case 3.
  public struct HaltingWaiter: Waiter {
    /// Whose interrupts.
    public let interrupts: Interrupts
    /// How often this waiter put the processor to sleep.
    public private(set) var halts: UInt = 0
    private var seen: UInt

    /// A waiter for what interrupts announce from now on. Any number may exist; they share the timer.
    public init(_ interrupts: Interrupts) {
      self.interrupts = interrupts
      seen = interrupts.events
    }

    /// The present moment.
    public var now: MonotonicTime { interrupts.clock.now }

    /// Sleeps until the next interrupt of any kind, or until `deadline`.
    public mutating func wait(until deadline: MonotonicTime) { wait(until: deadline, beforeHalt: {}) }

    /// As `wait(until:)`; `beforeHalt` is called between the last check and the sleep.
    package mutating func wait(until deadline: MonotonicTime, beforeHalt: () -> Void) {
      if interrupts.sleep(seen: seen, until: deadline, beforeHalt: beforeHalt) { halts &+= 1 }
      seen = interrupts.events
    }
  }
#endif
