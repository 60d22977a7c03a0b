#if os(none)
  public import DevicePlatform

  /// Looks again at once for a while, then sleeps: for devices that mostly answer sooner than an interrupt takes.
  ///
  /// The while begins anew for each new deadline, hence for each operation, and after each interrupt, since more may be
  /// close behind it.
  public struct AdaptiveWaiter: Waiter {
    /// How long it polls.
    public let pollingSpan: TimeSpan
    /// How often it returned without sleeping.
    public private(set) var polls: UInt = 0
    private var halting: HaltingWaiter
    private var deadline: MonotonicTime?
    private var pollingEnd = MonotonicTime(nanoseconds: 0)

    /// A waiter that polls for `pollingSpan` before it sleeps.
    public init(_ interrupts: Interrupts, pollingFor pollingSpan: TimeSpan) {
      halting = HaltingWaiter(interrupts)
      self.pollingSpan = pollingSpan
    }

    /// How often this waiter put the processor to sleep.
    public var halts: UInt { halting.halts }

    /// The present moment.
    public var now: MonotonicTime { halting.now }

    /// Returns at once while it polls; then sleeps until the next interrupt of any kind, or until `deadline`.
    public mutating func wait(until deadline: MonotonicTime) {
      let now = now
      if self.deadline != deadline {
        self.deadline = deadline
        pollingEnd = now + pollingSpan
      }
      if now < pollingEnd {
        polls &+= 1
        relaxProcessor()
        return
      }
      halting.wait(until: deadline)
      pollingEnd = self.now + pollingSpan
    }
  }
#endif
