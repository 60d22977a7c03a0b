#if os(none)
  import BareMetal
  import CBareMetal
  import DeviceTree
  import DevicePlatform
  import PlatformCheck
  import Synchronization

  /// Checks of the platform under the kernel's feet.
  struct SelfCheck {
    private let facts: MachineFacts
    private let options: KernelOptions
    private let clock: CounterClock
    private let report: Report

    /// Nothing is checked yet.
    init(facts: MachineFacts, options: KernelOptions, clock: CounterClock, report: Report) {
      self.facts = facts
      self.options = options
      self.clock = clock
      self.report = report
    }

    private func expect(_ passed: Bool, _ what: String) { report.expect(passed, "platform: " + what) }

    /// Runs all checks.
    func run() {
      expect(Machine.isMemoryManaged, "address translation and caches are on")
      checkBootInformation()
      checkClock()
      checkHeap()
      checkCopies()
      checkPages()
      checkBreakpoint()
    }

    /// Holds memory, clock and waiter against what drivers rely on and no compiler checks, rule by rule.
    ///
    /// - Parameter interrupts: started; nil to look at the waiter that polls.
    func runRules(_ interrupts: Interrupts?) {
      let pages = unsafe PageAllocator(unsafeRAM: facts.ram, excluding: facts.reserved)
      let report = { (finding: PlatformFinding) in
        var reason: String?
        switch finding.outcome {
        case .holds: break
        case .broken(let what): reason = what
        case .skipped(let why): say("# rule \(finding.rule.rawValue) was skipped: \(why)")
        }
        self.report.expect(
          !finding.isBroken, "platform: rule \(finding.rule.rawValue): \(finding.rule.words)", because: reason)
      }
      if let interrupts {
        var waiter = HaltingWaiter(interrupts)
        checkPlatform(
          provider: pages, clock: clock, waiter: &waiter, interrupt: { interrupts.raise() }, report: report)
      } else {
        var waiter = PollingWaiter(clock: clock)
        checkPlatform(provider: pages, clock: clock, waiter: &waiter, report: report)
      }
    }

    private func checkBootInformation() {
      if let problem = facts.problem { say("# device tree: \(problem.words)") }
      for range in facts.ram { say("# ram \(hex(range.start)) to \(hex(range.end))") }
      for range in facts.reserved { say("# reserved \(hex(range.start)) to \(hex(range.end))") }
      say("# command line: \(facts.commandLine)")
      expect(!facts.ram.isEmpty, "RAM was found")
      for problem in options.problems { say("# \(problem)") }
      expect(options.problems.isEmpty, "the command line was understood")
    }

    private func checkClock() {
      say("# clock: \(clock.frequency) Hz, \(clock.source.words)")
      let start = clock.now
      say("# clock: waiting for 100 ms")
      var last = start
      var goesBack = false
      while clock.now - start < .milliseconds(100) {
        let now = clock.now
        if now < last { goesBack = true }
        last = now
      }
      say("# clock: 100 ms are over")
      expect(!goesBack, "the clock runs and never goes back")
    }

    private func checkHeap() {
      let before = HeapUse.now
      var texts: [String] = []
      for index in 0..<1_000 { texts.append("a text that is long enough for the heap \(index)") }
      let during = HeapUse.now
      expect(during.isConsistent && during.blocks > before.blocks + 1_000, "the heap holds a thousand strings")
      texts = []
      let after = HeapUse.now
      expect(after.isConsistent && after.bytes == before.bytes, "the heap got everything back")
    }

    /// All small copies that overlap or not, against what must come out.
    private func checkCopies() {
      let size = 160
      let area = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
      defer { unsafe area.deallocate() }
      var isRight = true
      for from in 0..<24 {
        for to in 0..<24 {
          for count in [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 128] {
            for index in 0..<size { unsafe area[index] = UInt8(index) }
            // All three ranges lie in `area`: 24 + 128 < 160.
            unsafe area.baseAddress.unsafelyUnwrapped.advanced(by: to)
              .copyMemory(from: UnsafeRawPointer(area.baseAddress.unsafelyUnwrapped) + from, byteCount: count)
            for index in 0..<size {
              let isCopied = index >= to && index < to + count
              if unsafe area[index] != UInt8(isCopied ? index - to + from : index) { isRight = false }
            }
          }
        }
      }
      expect(isRight, "memory moves of all alignments and overlaps")
    }

    private func checkPages() {
      // RAM as the machine describes it, mapped to itself, without all that is in use.
      let pages = unsafe PageAllocator(unsafeRAM: facts.ram, excluding: facts.reserved)
      let free = pages.freeBytes
      say("# pages: \(free) bytes free in \(pages.freeRangeCount) ranges")
      let pool = DMAPool(provider: pages)
      expect(holdsPattern(pool), "pages keep what is written, and are aligned")
      expect(pages.freeBytes == free && pool.buffersInUse == 0, "pages came back")
    }

    private func holdsPattern(_ pool: DMAPool<PageAllocator>) -> Bool {
      do throws(DMAError) {
        var first = try pool.allocate(byteCount: 10_000, alignment: 65_536, direction: .bidirectional)
        var second = try pool.allocate(byteCount: 4_096)
        var bytes = first.mutableBytes
        for index in bytes.byteOffsets {
          bytes.storeBytes(of: UInt8(truncatingIfNeeded: index), toByteOffset: index, as: UInt8.self)
        }
        bytes = second.mutableBytes
        for index in bytes.byteOffsets { bytes.storeBytes(of: 0xa5, toByteOffset: index, as: UInt8.self) }
        for index in first.bytes.byteOffsets {
          // Bytes are valid at any offset of the span.
          let byte = unsafe first.bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
          if byte != UInt8(truncatingIfNeeded: index) { return false }
        }
        return first.deviceAddress.rawValue % 65_536 == 0
      } catch {
        return false
      }
    }

    /// Exceptions are taken and returned from while vector registers hold values, which the handler's code uses too.
    private func checkBreakpoint() {
      Exceptions.handle { frame in
        guard frame.cause.kind == .breakpoint else { return false }
        frame.pc += frame.breakpointSize
        let count = breakpoints.wrappingAdd(1, ordering: .relaxed).newValue
        scramble(count)
        return true
      }
      var state = SIMD16<UInt64>(repeating: 1)
      var expected: UInt64 = 1
      let count = options.selfCheck == .whole ? 1_000 : 50
      for _ in 0..<count {
        vireo_breakpoint()
        state = state ^ (state &<< 1) ^ (state &>> 7)
        expected = expected ^ (expected &<< 1) ^ (expected &>> 7)
      }
      Exceptions.handle(with: nil)
      expect(
        breakpoints.load(ordering: .relaxed) == count && state == SIMD16(repeating: expected),
        "\(count) breakpoints leave all registers alone")
    }
  }

  private let breakpoints = Atomic<Int>(0)
  private let scrambled = Atomic<UInt64>(0)

  /// Fills vector registers.
  @inline(never)
  private func scramble(_ seed: Int) {
    var vector = SIMD32<UInt64>(repeating: UInt64(seed))
    for _ in 0..<4 { vector = vector ^ (vector &<< 3) ^ (vector &>> 2) }
    scrambled.store(vector.wrappedSum(), ordering: .relaxed)
  }
#endif
