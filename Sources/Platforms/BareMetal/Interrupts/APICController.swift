#if os(none) && arch(x86_64)
  internal import CBareMetal
  public import DevicePlatform

  /// The local APIC of a PC's processor with its timer, and the I/O APICs.
  public final class APICController: InterruptController, @unchecked Sendable {
    /// An I/O APIC and the number of its first line.
    private struct Inputs {
      let apic: IOAPIC<MappedRegisters>
      let firstLine: UInt32
    }

    private let local: LocalAPIC<MappedRegisters>
    private let number: UInt8
    private let inputs: [Inputs]
    private let inputCount: UInt32
    private let scale: TimerScale
    // Touched with interrupts masked only, on one processor.
    private nonisolated(unsafe) var messages: MessagePool

    /// Takes over the APICs; nil when the local one is off or in x2APIC mode, or when its timer does not count. Takes
    /// 10 ms, to measure the timer.
    ///
    /// - Parameters:
    ///   - local: where the local APIC is, 0x1000 bytes.
    ///   - inputs: where I/O APICs may be, in the order of their lines; those that are not there are left out.
    ///   - clock: what the timer is measured by.
    ///
    /// All must be mapped as device memory for good.
    @unsafe
    public init?(unsafeLocal local: UInt, inputs addresses: [UInt], clock: CounterClock) {
      // CPUID leaf 1, EDX bit 9: there is a local APIC. IA32_APIC_BASE: bit 11 on, bit 10 x2APIC.
      guard vireo_cpuid(1, 0).edx >> 9 & 1 == 1, vireo_read_msr(0x1b) >> 10 & 3 == 2 else { return nil }
      let apic = unsafe LocalAPIC(MappedRegisters(unsafeAddress: local, byteCount: 0x1000))
      self.local = apic
      number = apic.number

      var inputs: [Inputs] = []
      var line: UInt32 = 0
      for address in addresses {
        guard let input = unsafe IOAPIC(MappedRegisters(unsafeAddress: address, byteCount: 0x20)),
          line + input.inputCount <= APICVector.inputLines.upperBound
        else { continue }
        inputs.append(Inputs(apic: input, firstLine: line))
        line += input.inputCount
      }
      self.inputs = inputs
      inputCount = line
      unsafe messages = MessagePool(first: APICVector.messageLines.lowerBound, count: APICVector.messageLines.count)

      apic.startSilentTimer(.max)
      let start = Sample.sharp(apic, clock)
      while clock.now - start.time < .milliseconds(10) { relaxProcessor() }
      let end = Sample.sharp(apic, clock)
      apic.startSilentTimer(0)
      let span = end.time - start.time
      guard let scale = TimerScale(count: start.count &- end.count, nanoseconds: span.nanoseconds) else { return nil }
      self.scale = scale
    }

    /// One reading of timer and clock.
    private struct Sample {
      var count: UInt32
      var time: MonotonicTime
      var width: TimeSpan

      /// The best of a few readings: one during which nobody took the processor away.
      static func sharp(_ apic: LocalAPIC<MappedRegisters>, _ clock: CounterClock) -> Sample {
        var best = Sample(count: 0, time: clock.now, width: TimeSpan(nanoseconds: .max))
        for _ in 0..<8 {
          let time = clock.now
          let count = apic.timerCount
          let width = clock.now - time
          if width < best.width { best = Sample(count: count, time: time, width: width) }
        }
        return best
      }
    }

    /// In words, for a log.
    public var words: String {
      "local APIC, \(inputs.count) I/O APICs with \(inputCount) lines, \(APICVector.messageLines.count) messages"
    }

    /// The inputs' lines, then the messages'.
    public var lineCount: Int { Int(APICVector.messageLines.upperBound) }

    /// Masks all inputs; messages have no mask here but at the device.
    public func start() {
      local.start(spuriousVector: APICVector.spurious)
      for inputs in inputs { inputs.apic.start() }
    }

    /// The I/O APIC that a line is an input of, and which.
    private func place(_ line: InterruptLine) -> (apic: IOAPIC<MappedRegisters>, input: UInt32)? {
      for inputs in inputs where line.number >= inputs.firstLine {
        let input = line.number - inputs.firstLine
        if input < inputs.apic.inputCount { return (inputs.apic, input) }
      }
      return nil
    }

    /// Has an input deliver; false when there is no such input.
    public func enable(_ line: InterruptLine, trigger: InterruptTrigger) -> Bool {
      guard let (apic, input) = place(line) else { return false }
      apic.enable(input, trigger: trigger, vector: APICVector.vector(of: line.number), processor: number)
      return true
    }

    /// Stops delivery of an input, which forgets edges that come in the meantime. A message is stopped at its device.
    public func mask(_ line: InterruptLine) {
      if let (apic, input) = place(line) { apic.mask(input) }
    }

    /// Resumes delivery of an input.
    public func unmask(_ line: InterruptLine) {
      if let (apic, input) = place(line) { apic.unmask(input) }
    }

    /// True when the line's vector waits at the local APIC. What a masked input holds back cannot be seen: nil.
    public func isPending(_ line: InterruptLine) -> Bool? {
      if local.isPending(APICVector.vector(of: line.number)) { return true }
      return place(line) == nil ? false : nil
    }

    /// A vector of this processor.
    public func allocateMessage() -> InterruptMessage? {
      guard let line = unsafe messages.allocate() else { return nil }
      let (address, data) = APICVector.message(APICVector.vector(of: line), to: number)
      return InterruptMessage(address: address, data: data, line: InterruptLine(line))
    }

    /// Takes a vector back.
    public func freeMessage(_ message: InterruptMessage) { _ = unsafe messages.free(message.line.number) }

    /// Raises the vector, but not by a message: the processor's own writes there go to its local APIC's registers.
    public func raise(_ message: InterruptMessage) { local.raise(APICVector.vector(of: message.line.number)) }

    /// By the vector.
    public func claim(_ cause: UInt) -> InterruptClaim {
      switch cause {
      case UInt(APICVector.timer): .timer
      case UInt(APICVector.software): .software
      case UInt(APICVector.firstLine)..<UInt(APICVector.timer):
        .line(InterruptLine(UInt32(cause) - APICVector.firstLine))
      case UInt(APICVector.spurious): .spurious
      // A device can write any number to the address of messages. It is in service all the same, and has to be ended.
      default: .unknown(UInt32(cause))
      }
    }

    /// Ends the interrupt, at the I/O APIC too if it was by level.
    public func finish(_ claim: InterruptClaim) { local.finish() }

    /// Counts down to `deadline`.
    public func armTimer(at deadline: MonotonicTime, of clock: CounterClock) {
      local.startTimer(scale.count((deadline - clock.now).nanoseconds), vector: APICVector.timer)
    }

    /// Stops the countdown.
    public func stopTimer() { local.startSilentTimer(0) }

    /// Raises the software vector.
    public func raise() { local.raise(APICVector.software) }
  }
#endif
