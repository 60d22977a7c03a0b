#if os(none) && arch(riscv64)
  internal import CBareMetal
  public import DevicePlatform

  /// A PLIC, the firmware's timer (SBI) and the hart's own software interrupt.
  public final class PLICController: InterruptController {
    private let plic: PLIC<MappedRegisters>

    // Bits of sie: software, timer, external.
    private static var software: vireo_word { 1 << 1 }
    private static var timer: vireo_word { 1 << 5 }
    private static var external: vireo_word { 1 << 9 }

    /// A PLIC; nil when the numbers cannot be right.
    ///
    /// - Parameters:
    ///   - address: where it is; must be mapped for good.
    ///   - byteCount: its size.
    ///   - sources: how many lines it has, the device tree's `riscv,ndev`.
    ///   - context: this hart's in S-mode.
    @unsafe
    public init?(unsafeRegisters address: UInt, byteCount: Int, sources: UInt32, context: UInt32) {
      let registers = unsafe MappedRegisters(unsafeAddress: address, byteCount: byteCount)
      guard let plic = PLIC(registers: registers, sources: sources, context: context) else { return nil }
      self.plic = plic
    }

    /// In words, for a log.
    public var words: String { "PLIC, \(lineCount) lines, no messages" }
    /// Lines are 1 ..< `lineCount`.
    public var lineCount: Int { Int(plic.lineCount) }

    /// Masks all lines; the timer stays off until it is armed.
    public func start() {
      vireo_disable_sources(.max)
      vireo_clear_software()
      plic.start()
      vireo_enable_sources(Self.external | Self.software)
    }

    /// Has a line deliver; false when there is no such line. The gateways know what their lines' levels mean.
    public func enable(_ line: InterruptLine, trigger: InterruptTrigger) -> Bool {
      guard plic.hasLine(line.number) else { return false }
      plic.enable(line.number)
      return true
    }

    /// Stops delivery.
    public func mask(_ line: InterruptLine) { if plic.hasLine(line.number) { plic.mask(line.number) } }
    /// Resumes delivery.
    public func unmask(_ line: InterruptLine) { if plic.hasLine(line.number) { plic.unmask(line.number) } }
    /// True when the line waits.
    public func isPending(_ line: InterruptLine) -> Bool? { plic.isPending(line.number) }
    /// None: a PLIC takes no messages.
    public func allocateMessage() -> InterruptMessage? { nil }
    /// Does nothing.
    public func freeMessage(_ message: InterruptMessage) {}
    /// Does nothing.
    public func raise(_ message: InterruptMessage) {}

    /// Tells the hart's own interrupts from the PLIC's.
    public func claim(_ cause: UInt) -> InterruptClaim {
      switch cause {
      case 1:
        vireo_clear_software()
        return .software
      case 5: return .timer
      case 9:
        let line = plic.claim()
        return line == 0 ? .spurious : .line(InterruptLine(line))
      default:
        // No other source is enabled.
        return .spurious
      }
    }

    /// Completes a line.
    public func finish(_ claim: InterruptClaim) {
      if case .line(let line) = claim { plic.complete(line.number) }
    }

    /// Has the firmware compare the counter with `deadline`. That also takes back what was pending.
    public func armTimer(at deadline: MonotonicTime, of clock: CounterClock) {
      vireo_set_timer(vireo_word(clock.ticks(at: deadline)))
      vireo_enable_sources(Self.timer)
    }

    /// The timer's interrupt stays pending, but that is of no account until it is armed again.
    public func stopTimer() { vireo_disable_sources(Self.timer) }

    /// Raises the software interrupt.
    public func raise() { vireo_raise_software() }
  }
#endif
