#if os(none)
  public import CBareMetal
  public import DevicePlatform
  internal import Synchronization

  /// The interrupts of a machine with one processor: who handles which line, and how the processor sleeps until there is
  /// one.
  ///
  /// Two sides: handlers run in interrupt context, with interrupts masked; everything else here is for the task side,
  /// which must not be in interrupt context and has interrupts unmasked once `start` was called.
  @safe
  public final class Interrupts: @unchecked Sendable {
    // Constant initialiser: an interrupt never waits for the code that it interrupted. Set once, before interrupts are
    // unmasked.
    nonisolated(unsafe) private static var current: Interrupts? = nil

    /// Where time comes from.
    public let clock: CounterClock
    private let controller: any InterruptController
    private let table: InterruptTable
    // Changed with interrupts masked, like all that follows.
    private nonisolated(unsafe) var timerHandler: (any InterruptHandler)?
    private nonisolated(unsafe) var armedFor: MonotonicTime?
    private nonisolated(unsafe) var counts = Counts()

    /// What was counted since the machine started.
    public struct Counts: Equatable, Sendable {
      /// Interrupts of all kinds that were handled. Wraps.
      public internal(set) var handled: UInt = 0
      /// Interrupts of the timer.
      public internal(set) var timer: UInt = 0
      /// Interrupts that the processor raised itself.
      public internal(set) var software: UInt = 0
      /// Interrupts for which the controller then knew no reason, or by a number that is nobody's: harmless.
      public internal(set) var spurious: UInt = 0
      /// How often the processor slept.
      public internal(set) var halts: UInt = 0
    }

    /// Takes over a controller. Nothing is unmasked yet.
    ///
    /// - Parameters:
    ///   - controller: the machine's.
    ///   - clock: whose counter the timer is armed by.
    ///   - stormLimit: how often a line may fire without `noteProgress`. A VirtIO device uses each buffer once, so
    ///     without a driver's doing it can interrupt no more often than its queues have entries. Less than 10 000, after
    ///     which QEMU's I/O APIC holds a line back for 10 ms: the processor sleeps, and all seems well.
    public init(controller: any InterruptController, clock: CounterClock, stormLimit: UInt32 = 5_000) {
      self.controller = controller
      self.clock = clock
      table = InterruptTable(lineCount: controller.lineCount, stormLimit: stormLimit)
    }

    /// From now on interrupts are taken, for the rest of the machine's life. To be called once.
    public func start() {
      // Single-threaded, and no interrupt is unmasked yet.
      precondition(unsafe Self.current == nil, "the machine's interrupts are started once")
      vireo_mask_interrupts()
      unsafe Self.current = self
      controller.start()
      vireo_unmask_interrupts()
    }

    /// The controller in words, for a log.
    public var words: String { controller.words }

    /// What was counted up to now.
    public var statistics: Counts {
      withInterruptsMasked {
        var counts = unsafe counts
        counts.handled = table.events
        counts.spurious = table.spurious
        return counts
      }
    }

    // MARK: Lines

    /// Has `handler` called whenever `line` fires; keeps the handler until `disable`.
    ///
    /// Returns false, with nothing changed, when there is no such line or when it has a handler: devices that share a
    /// line share a handler.
    public func enable(_ line: InterruptLine, trigger: InterruptTrigger, handler: any InterruptHandler) -> Bool {
      withInterruptsMasked {
        guard table.setHandler(handler, of: line) else { return false }
        if controller.enable(line, trigger: trigger) { return true }
        _ = table.setHandler(nil, of: line)
        return false
      }
    }

    /// Gives a line that is in use, or a message's, another handler, and loses nothing in between. Without a handler the
    /// line is masked, and reported, when it fires. False when there is no such line.
    @discardableResult
    public func replaceHandler(of line: InterruptLine, by handler: (any InterruptHandler)?) -> Bool {
      withInterruptsMasked { table.replaceHandler(handler, of: line) }
    }

    /// Masks a line and lets go of its handler.
    public func disable(_ line: InterruptLine) {
      withInterruptsMasked {
        guard Int(line.number) < table.lineCount else { return }
        controller.mask(line)
        _ = table.setHandler(nil, of: line)
      }
    }

    /// Keeps an enabled line from being delivered. What comes in the meantime stays pending, except that an I/O APIC may
    /// forget edges: after `unmask` the task side looks at its device once.
    public func mask(_ line: InterruptLine) {
      withInterruptsMasked { if Int(line.number) < table.lineCount { controller.mask(line) } }
    }

    /// Has a line that is enabled delivered again, whoever masked it. If it had become a storm, counting starts anew.
    public func unmask(_ line: InterruptLine) {
      withInterruptsMasked {
        guard Int(line.number) < table.lineCount else { return }
        table.forget(line)
        controller.unmask(line)
      }
    }

    /// True when an interrupt of this line waits, in the controller, for being delivered; nil when the controller does
    /// not show it, as an I/O APIC with its masked inputs.
    public func isPending(_ line: InterruptLine) -> Bool? {
      withInterruptsMasked { Int(line.number) < table.lineCount ? controller.isPending(line) : false }
    }

    /// How often a line was delivered.
    public func count(of line: InterruptLine) -> UInt { table.count(of: line) }

    // MARK: Messages

    /// A message for a device to send, which `handler` is called for; nil when there is none left, or when the machine's
    /// controller takes none.
    public func allocateMessage(handler: any InterruptHandler) -> InterruptMessage? {
      withInterruptsMasked {
        guard let message = controller.allocateMessage() else { return nil }
        if table.setHandler(handler, of: message.line) { return message }
        controller.freeMessage(message)
        return nil
      }
    }

    /// Takes a message back. The device must not send it any more.
    public func free(_ message: InterruptMessage) {
      withInterruptsMasked {
        controller.freeMessage(message)
        _ = table.setHandler(nil, of: message.line)
      }
    }

    /// Raises a message's line from here, as its device would: to see that its way to the handler is open.
    public func raise(_ message: InterruptMessage) { withInterruptsMasked { controller.raise(message) } }

    // MARK: Storms

    /// Says that the task side got something done: a request completed, or there is nothing to do. A line that fires
    /// `stormLimit` times without that is masked. `HaltingWaiter` says it when it puts the processor to sleep.
    public func noteProgress() { table.noteProgress() }

    /// What went wrong with a line since this was asked last: nil, at once, when nothing did.
    public func takeProblem() -> InterruptProblem? { withInterruptsMasked { table.takeProblem() } }

    // MARK: Time and sleep

    /// How many interrupts were handled. Wraps. Whoever looks at something that handlers change samples this first: if it
    /// is still the same when interrupts are masked, nothing has changed since.
    public var events: UInt { table.events }

    /// Has `handler` called when the timer fires, too.
    public func setTimerHandler(_ handler: (any InterruptHandler)?) {
      withInterruptsMasked { unsafe timerHandler = handler }
    }

    /// Has the timer interrupt at `deadline` at the latest. Also for timer handlers.
    ///
    /// There is one timer, for whoever wants it first: it may fire for somebody else, earlier than asked here, and is
    /// then to be armed again.
    public func armTimer(at deadline: MonotonicTime) {
      withInterruptsMasked {
        // Left alone when it is to fire earlier than that: who waits is woken too early once, and arms it anew. So a
        // request's deadline, which is far away and hardly ever reached, does not cost a timer's programming each.
        if let armed = unsafe armedFor, armed <= deadline { return }
        let farthest = clock.now + .seconds(3_600)
        let alarm = deadline < farthest ? deadline : farthest
        unsafe armedFor = alarm
        controller.armTimer(at: alarm, of: clock)
      }
    }

    /// Interrupts this processor: whoever waits looks again.
    public func raise() { withInterruptsMasked { controller.raise() } }

    /// Sleeps until an interrupt or `deadline`, unless there was an interrupt since `seen` was sampled from `events`, or
    /// `deadline` is over. Returns true when it slept.
    ///
    /// - Parameter beforeHalt: called with interrupts masked, at the last moment: for tests of the lost wake-up.
    package func sleep(seen: UInt, until deadline: MonotonicTime, beforeHalt: () -> Void = {}) -> Bool {
      vireo_mask_interrupts()
      if events != seen || deadline <= clock.now {
        vireo_unmask_interrupts()
        return false
      }
      noteProgress()
      armTimer(at: deadline)
      beforeHalt()
      unsafe counts.halts &+= 1
      vireo_halt_until_interrupt()
      return true
    }

    /// Runs `body` with interrupts masked, and leaves them as they were.
    private func withInterruptsMasked<Result>(_ body: () -> Result) -> Result {
      let wasUnmasked = vireo_interrupts_are_unmasked() != 0
      vireo_mask_interrupts()
      defer { if wasUnmasked { vireo_unmask_interrupts() } }
      return body()
    }

    // MARK: In interrupt context

    /// False when nobody has started interrupts.
    fileprivate static func handle(_ frame: ExceptionFrame) -> Bool {
      guard let current = unsafe current else { return false }
      current.handle(frame.interruptCause)
      return true
    }

    private func handle(_ cause: UInt) {
      let claim = controller.claim(cause)
      switch claim {
      case .line(let line):
        if table.dispatch(line) == .mask { controller.mask(line) }
      case .timer:
        unsafe counts.timer &+= 1
        unsafe armedFor = nil
        controller.stopTimer()
        unsafe timerHandler?.handleInterrupt()
      case .software:
        unsafe counts.software &+= 1
      case .unknown(let number):
        table.noteUnknown(number)
      case .spurious:
        table.noteSpurious()
        return
      }
      controller.finish(claim)
      table.noteEvent()
    }
  }

  /// Called by the vectors of CBareMetal with what they saved.
  @c(vireo_interrupt)
  public func enterInterrupt(_ frame: UnsafeMutablePointer<vireo_exception_frame>) {
    // The frame lives on the stack until this returns.
    let frame = unsafe ExceptionFrame(unsafe: frame)
    if !Interrupts.handle(frame) { Exceptions.dispatch(frame) }
  }
#endif
