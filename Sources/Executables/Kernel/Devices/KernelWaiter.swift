#if os(none)
  import BareMetal
  import DevicePlatform

  /// How the kernel waits for one device: asleep, where the device's interrupts wake it up; else it looks again and again.
  struct KernelWaiter: Waiter {
    /// How long the adaptive way polls before it sleeps.
    static let pollingSpan = TimeSpan.microseconds(50)

    private let clock: CounterClock
    private let connection: DeviceConnection?
    private var halting: HaltingWaiter?
    private var adaptive: AdaptiveWaiter?

    /// Polls by `clock`.
    init(polling clock: CounterClock) {
      self.clock = clock
      connection = nil
    }

    /// Waits for the interrupts of a device.
    init(_ connection: DeviceConnection, _ policy: WaitPolicy) {
      let lines = connection.lines
      clock = lines.interrupts.clock
      self.connection = connection
      switch policy {
      case .poll: break
      case .halt: halting = HaltingWaiter(lines.interrupts)
      case .adaptive: adaptive = AdaptiveWaiter(lines.interrupts, pollingFor: Self.pollingSpan)
      }
    }

    /// The present moment.
    var now: MonotonicTime { clock.now }

    /// How often the processor slept here.
    var halts: UInt { (halting?.halts ?? 0) &+ (adaptive?.halts ?? 0) }

    mutating func wait(until deadline: MonotonicTime) {
      guard let connection, connection.isUsable else { return relaxProcessor() }
      if adaptive != nil {
        adaptive?.wait(until: deadline)
      } else if halting != nil {
        halting?.wait(until: deadline)
      } else {
        relaxProcessor()
      }
      connection.lines.lookForProblems()
    }
  }
#endif
