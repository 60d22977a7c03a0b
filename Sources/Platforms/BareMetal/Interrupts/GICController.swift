#if os(none) && arch(arm64)
  internal import CBareMetal
  public import DevicePlatform

  /// A GIC of version 2 or 3, and the processor's virtual timer.
  public final class GICController: InterruptController, @unchecked Sendable {
    private enum Version {
      case two(GICv2<MappedRegisters>)
      case three(GICv3<MappedRegisters>)
    }

    // Generic over nothing and chosen once: each access branches on it.
    private let version: Version
    private let frame: GICv2MessageFrame?
    // Touched with interrupts masked only, on one processor.
    private nonisolated(unsafe) var messages: MessagePool
    private let timerLine: UInt32

    /// The virtual timer's line in every ARM base system: private line 11.
    public static let virtualTimer = InterruptLine(27)

    /// A GICv2.
    ///
    /// - Parameters:
    ///   - distributor: where the distributor is, 0x1000 bytes.
    ///   - cpuInterface: where the processor's interface is, at least 0x100 bytes.
    ///   - messageFrame: where a GICv2m frame is, 0x1000 bytes; nil for none. A frame that names lines that the
    ///     controller lacks is left alone.
    ///   - timerLine: the line of the virtual timer.
    ///
    /// All must be mapped as device memory for good.
    @unsafe
    public init(
      unsafeDistributor distributor: UInt, cpuInterface: UInt, messageFrame: UInt? = nil,
      timerLine: InterruptLine = virtualTimer
    ) {
      let gic = unsafe GICv2(
        distributor: MappedRegisters(unsafeAddress: distributor, byteCount: 0x1000),
        cpu: MappedRegisters(unsafeAddress: cpuInterface, byteCount: 0x100))
      version = .two(gic)
      frame = messageFrame.flatMap {
        unsafe GICv2MessageFrame(
          MappedRegisters(unsafeAddress: $0, byteCount: 0x1000), at: UInt64($0), lineCount: gic.lineCount)
      }
      unsafe messages = MessagePool(first: frame?.lines.lowerBound ?? 0, count: frame?.lines.count ?? 0)
      self.timerLine = timerLine.number
    }

    /// A GICv3; nil when it has no redistributor for this processor, or one that does not wake up.
    ///
    /// - Parameters:
    ///   - distributor: where the distributor is, 0x10000 bytes.
    ///   - redistributors: where the redistributors begin.
    ///   - byteCount: the size of all redistributors together.
    ///   - timerLine: the line of the virtual timer.
    ///
    /// All must be mapped as device memory for good.
    @unsafe
    public init?(
      unsafeDistributor distributor: UInt, redistributors: UInt, redistributorsByteCount byteCount: Int,
      timerLine: InterruptLine = virtualTimer
    ) {
      // Fields 0 to 2 of MPIDR_EL1 are its lowest 24 bits, field 3 is in bits 32 to 39.
      let affinity = UInt32(truncatingIfNeeded: vireo_mpidr() & 0xff_ffff | (vireo_mpidr() >> 32) << 24)
      let gic = unsafe GICv3(
        distributor: MappedRegisters(unsafeAddress: distributor, byteCount: 0x1_0000),
        redistributors: MappedRegisters(unsafeAddress: redistributors, byteCount: byteCount), affinity: affinity)
      guard let gic, gic.start() else { return nil }
      version = .three(gic)
      frame = nil
      unsafe messages = MessagePool(first: 0, count: 0)
      self.timerLine = timerLine.number
    }

    /// In words, for a log.
    public var words: String {
      switch version {
      case .two: "GICv2, \(lineCount) lines, \(frame?.lines.count ?? 0) messages"
      case .three: "GICv3, \(lineCount) lines, no messages"
      }
    }

    /// Lines are 0 ..< `lineCount`; devices have those from 16 on.
    public var lineCount: Int {
      switch version {
      case .two(let gic): Int(gic.lineCount)
      case .three(let gic): Int(gic.lineCount)
      }
    }

    /// Masks all lines but the timer's and the software interrupt's.
    public func start() {
      vireo_stop_timer()
      switch version {
      case .two(let gic): gic.start()
      case .three(let gic):
        _ = gic.start()
        vireo_gic3_start()
      }
      unmask(InterruptLine(0))
      unmask(InterruptLine(timerLine))
    }

    private func hasLine(_ line: InterruptLine) -> Bool {
      if line.number == timerLine { return false }
      switch version {
      case .two(let gic): return gic.hasLine(line.number)
      case .three(let gic): return gic.hasLine(line.number)
      }
    }

    /// Has a line deliver; false when there is no such line, or when it is the timer's.
    public func enable(_ line: InterruptLine, trigger: InterruptTrigger) -> Bool {
      guard hasLine(line) else { return false }
      switch version {
      case .two(let gic): gic.enable(line.number, trigger: trigger)
      case .three(let gic): gic.enable(line.number, trigger: trigger)
      }
      return true
    }

    /// Stops delivery.
    public func mask(_ line: InterruptLine) {
      switch version {
      case .two(let gic): gic.mask(line.number)
      case .three(let gic): gic.mask(line.number)
      }
    }

    /// Resumes delivery.
    public func unmask(_ line: InterruptLine) {
      switch version {
      case .two(let gic): gic.unmask(line.number)
      case .three(let gic): gic.unmask(line.number)
      }
    }

    /// True when the line waits.
    public func isPending(_ line: InterruptLine) -> Bool? {
      switch version {
      case .two(let gic): gic.isPending(line.number)
      case .three(let gic): gic.isPending(line.number)
      }
    }

    /// A line of the message frame.
    public func allocateMessage() -> InterruptMessage? {
      guard let frame, let number = unsafe messages.allocate() else { return nil }
      let line = InterruptLine(number)
      guard enable(line, trigger: .edge) else { return nil }
      return InterruptMessage(address: frame.doorbell, data: number, line: line)
    }

    /// Takes a line of the message frame back.
    public func freeMessage(_ message: InterruptMessage) {
      if unsafe messages.free(message.line.number) { mask(message.line) }
    }

    /// Writes what a device would.
    public func raise(_ message: InterruptMessage) {
      // Out of the frame's own register, which is mapped: `allocateMessage` made the address from it.
      guard let frame, frame.lines.contains(message.data) else { return }
      unsafe MappedRegisters(unsafeAddress: UInt(frame.doorbell), byteCount: 4).store32(message.data, at: 0)
    }

    /// Acknowledges at the processor's interface.
    public func claim(_ cause: UInt) -> InterruptClaim {
      let number =
        switch version {
        case .two(let gic): gic.acknowledge()
        case .three: UInt32(truncatingIfNeeded: vireo_gic3_acknowledge() & 0xff_ffff)
        }
      if number == timerLine { return .timer }
      // 1020 to 1023 mean that there is nothing, and are not ended.
      if 1020...1023 ~= number { return .spurious }
      return number < 16 ? .software : .line(InterruptLine(number))
    }

    /// Ends the interrupt.
    public func finish(_ claim: InterruptClaim) {
      let number: UInt32
      switch claim {
      case .line(let line): number = line.number
      case .timer: number = timerLine
      case .software: number = 0
      case .unknown(let unknown): number = unknown
      case .spurious: return
      }
      switch version {
      case .two(let gic): gic.finish(number)
      case .three: vireo_gic3_finish(vireo_word(number))
      }
    }

    /// Compares the counter with `deadline`.
    public func armTimer(at deadline: MonotonicTime, of clock: CounterClock) {
      vireo_set_timer(vireo_word(clock.ticks(at: deadline)))
    }

    /// Stops the comparison.
    public func stopTimer() { vireo_stop_timer() }

    /// Raises software interrupt 0 here.
    public func raise() {
      switch version {
      case .two(let gic): gic.raise()
      case .three:
        // ICC_SGI1R_EL1: the affinities' fields, and one bit for the processor in its group of 16.
        let mpidr = UInt(vireo_mpidr())
        let groups = (mpidr >> 8 & 0xff) << 16 | (mpidr >> 16 & 0xff) << 32 | (mpidr >> 32 & 0xff) << 48
        let member = mpidr & 0xff
        vireo_gic3_raise(vireo_word(groups | (member >> 4) << 44 | 1 << (member & 15)))
      }
    }
  }
#endif
