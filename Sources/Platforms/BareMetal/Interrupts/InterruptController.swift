#if os(none)
  public import DevicePlatform

  /// What the processor was interrupted for.
  public enum InterruptClaim: Sendable {
    /// A line of the controller.
    case line(InterruptLine)
    /// The processor's own timer.
    case timer
    /// The processor itself asked for it.
    case software
    /// A number that is no line's; what it counts is the controller's business.
    case unknown(UInt32)
    /// Nothing: whatever it was went away.
    case spurious
  }

  /// The interrupt controller and the one-shot timer of a machine with one processor.
  ///
  /// `Interrupts` is what a kernel uses; it calls all of these with interrupts masked.
  public protocol InterruptController: AnyObject, Sendable {
    /// In words, for a log.
    var words: String { get }
    /// Lines are 0 ..< `lineCount`, though not all of them need exist.
    var lineCount: Int { get }

    /// Masks all lines and lets the controller deliver to this processor.
    func start()
    /// Has a line deliver, to this processor; false when there is no such line.
    func enable(_ line: InterruptLine, trigger: InterruptTrigger) -> Bool
    /// Keeps a line that was enabled from delivering. What comes in the meantime stays pending, except that an I/O APIC
    /// may forget edges.
    func mask(_ line: InterruptLine)
    /// Has a line that was masked deliver again.
    func unmask(_ line: InterruptLine)
    /// True when an interrupt of this line waits for being delivered; nil when the controller does not show it.
    func isPending(_ line: InterruptLine) -> Bool?
    /// A message that nobody has, enabled; nil when there is none left or when this controller takes none.
    func allocateMessage() -> InterruptMessage?
    /// Takes a message back and masks its line.
    func freeMessage(_ message: InterruptMessage)
    /// Raises a message's line from here, as a device would by sending it.
    func raise(_ message: InterruptMessage)

    /// Finds out what the processor was interrupted for.
    ///
    /// - Parameter cause: what the processor says: the vector on x86_64, the code of scause on riscv64, 0 on aarch64.
    func claim(_ cause: UInt) -> InterruptClaim
    /// Ends what `claim` began: the next interrupt of the line can be delivered. Not called for spurious ones.
    func finish(_ claim: InterruptClaim)

    /// Has the timer interrupt when `clock` has reached `deadline`, or a little earlier if that is too far away.
    func armTimer(at deadline: MonotonicTime, of clock: CounterClock)
    /// Stops the timer, whether or not it has fired.
    func stopTimer()
    /// Interrupts this processor. Once unmasked, the interrupt is taken at once.
    func raise()
  }
#endif
