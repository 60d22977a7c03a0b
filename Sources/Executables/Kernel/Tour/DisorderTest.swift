#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock
  import VirtIOEntropy

  /// Interrupts that must not come, and come. Each kind is masked and reported once, and the machine goes on.
  struct DisorderTest {
    let interrupts: Interrupts?
    let options: KernelOptions
    let facts: MachineFacts
    let memory: KernelMemory
    let clock: CounterClock
    let report: Report

    /// Tries all of it.
    func run() {
      guard let interrupts else {
        return report.fail("disorder: devices interrupt", because: "the machine's controller is not known")
      }
      let lines = DeviceLines(interrupts, policy: .halt, report: report)
      checkReset(lines)
      var discovery = discovery(lines)
      let known = lines.problems.count
      discovery.run()
      checkEarly(discovery, lines, known)
      #if arch(x86_64)
        // Without a timer, nothing ends a sleep in vain.
        guard checkUnknownNumber(lines) else { return }
      #endif
      if let disk = discovery.table.disks.first(where: { $0.connection?.isUsable ?? false }),
        let connection = disk.connection
      {
        checkStorm(disk, connection, lines)
      } else {
        report.fail("disorder: a disk interrupts", because: "none does")
      }
      for source in discovery.table.sources { checkSource(source) }
      discovery.table.removeAll()
    }

    private func discovery(_ lines: DeviceLines) -> Discovery {
      let table = DeviceTable(clock: clock, memory: memory, options: options, lines: lines)
      return Discovery(table: table, memory: memory, facts: facts, options: options, report: report)
    }

    /// Disks are reset while they work, and have requests to interrupt for.
    private func checkReset(_ lines: DeviceLines) {
      var discovery = discovery(lines)
      discovery.run()
      let buffers = memory.buffersInUse
      let isStarted = discovery.table.disks.allSatisfy { start(16, on: $0) }
      let inFlight = memory.buffersInUse - buffers
      discovery.table.removeAll()
      // What the devices had to say is heard by now.
      let deadline = clock.now + .milliseconds(20)
      while clock.now < deadline { relaxProcessor() }
      let known = lines.problems.count
      lines.lookForProblems()
      report.expect(
        isStarted && inFlight >= 16 && memory.buffersInUse == 0 && memory.buffersLost == 0
          && lines.problems.count == known,
        "disorder: disks are reset while they interrupt, and every buffer comes back",
        because: "started \(isStarted), \(inFlight) in flight; \(memory.buffersInUse) buffers in use, "
          + "\(memory.buffersLost) lost, \(lines.problems.count - known) problems")
    }

    private func start(_ count: Int, on disk: any Disk) -> Bool {
      for index in 0..<count {
        do throws(DMAError) {
          let buffer = try memory.allocate(byteCount: 4096)
          if case .refused = disk.startRead(sector: UInt64(index) * 8, into: buffer) { return false }
        } catch {
          return false
        }
      }
      _ = disk.arm()
      disk.publish()
      return true
    }

    /// All disks have interrupted before DRIVER_OK. Nobody heard of it but the log, and they work.
    private func checkEarly(_ discovery: Discovery, _ lines: DeviceLines, _ known: Int) {
      let disks = discovery.table.disks
      report.expect(
        discovery.table.earlyInterrupts == disks.count && !disks.isEmpty,
        "disorder: disks have done requests before DRIVER_OK",
        because: "\(discovery.table.earlyInterrupts) of \(disks.count) disks")
      var wrong = ""
      for disk in disks {
        // One message, and then it was masked. A line is let in only when there is a driver.
        if let connection = disk.connection, connection.usesMessages != (connection.earlyCount == 1) {
          wrong += " \(disk.name) (\(connection.earlyCount) early messages)"
        }
        if !works(disk) { wrong += " \(disk.name) (does not work)" }
      }
      lines.lookForProblems()
      var isTwice = false
      let problems = Array(lines.problems.dropFirst(known))
      for (index, problem) in problems.enumerated() {
        if problems[..<index].contains(where: { $0.line == problem.line }) { isTwice = true }
      }
      report.expect(
        wrong.isEmpty && !isTwice, "disorder: what came before DRIVER_OK was masked, and all disks work",
        because: "not so:\(wrong); a line reported twice: \(isTwice)")
    }

    /// Reads; until it interrupts a sleeping processor, where it is to do so.
    private func works(_ disk: any Disk) -> Bool {
      let deadline = clock.now + .seconds(5)
      let (interrupts, halts) = (disk.mailbox.interrupts, disk.halts)
      var reads = 0
      do throws(BlockError) {
        var buffer = try allocate(512)
        while clock.now < deadline {
          try disk.read(sector: disk.place(reads), into: &buffer)
          reads += 1
          let isWoken = disk.mailbox.interrupts != interrupts && disk.halts != halts
          if reads >= 20, isWoken || !(disk.connection?.isUsable ?? false) { return true }
        }
      } catch {
        report.note("\(disk.name): \(error.words)")
      }
      return false
    }

    #if arch(x86_64)
      /// Interrupts with numbers that nobody has: any device could write them to where messages go.
      private func checkUnknownNumber(_ lines: DeviceLines) -> Bool {
        let what = "disorder: numbers that nobody has are reported once, and others still come"
        guard let apic = DeviceRegisters.map(address: 0xfee0_0000, byteCount: 0x1000) else {
          report.fail(what, because: "the local APIC is not mapped")
          return false
        }
        let known = lines.problems.count
        let before = lines.interrupts.statistics.spurious
        // Above all others, below all others, and, not to be delivered at all, an exception's.
        let numbers: [UInt32] = [0xf7, 0xfe, 0x21, 0x13]
        for number in numbers {
          for _ in 0..<3 {
            // ICR: fixed, to this processor. Raised again before it is taken, it would come once.
            apic.store32(1 << 18 | number, at: 0x300)
            let end = clock.now + .microseconds(50)
            while clock.now < end { relaxProcessor() }
          }
        }
        lines.lookForProblems()
        let counted = lines.interrupts.statistics.spurious - before
        // One that was never ended keeps all of less priority out, and so the timer.
        let timers = lines.interrupts.statistics.timer
        let deadline = clock.now + .seconds(2)
        lines.interrupts.armTimer(at: clock.now + .milliseconds(5))
        while lines.interrupts.statistics.timer == timers, clock.now < deadline { relaxProcessor() }
        let isTimed = lines.interrupts.statistics.timer != timers
        let problems = lines.problems.dropFirst(known)
        report.expect(
          problems.count == 1 && problems.first == .unknown(number: 0xf7) && counted == 9 && isTimed, what,
          because: "\(problems.count) problems, \(counted) counted, expected 9; timer \(isTimed)")
        return isTimed
      }
    #endif

    /// The disk interrupts again and again while nobody gets anything done.
    private func checkStorm(_ disk: any Disk, _ connection: DeviceConnection, _ lines: DeviceLines) {
      let what = "disorder: a storm of a disk's own is masked and reported once, and the disk is polled"
      let known = lines.problems.count
      var reads = 0
      var isRead = true
      let deadline = clock.now + .seconds(30)
      do throws(BlockError) {
        var buffer = try allocate(512)
        while isRead, lines.problems.count == known, clock.now < deadline {
          isRead = readUnnoticed(disk, &buffer)
          reads += 1
          lines.lookForProblems()
        }
        disk.disarm()
        // Asked for, done, and not delivered.
        let count = deliveries(connection)
        for index in 0..<100 { try disk.read(sector: disk.place(index), into: &buffer) }
        _ = disk.arm()
        isRead = isRead && readUnnoticed(disk, &buffer)
        lines.lookForProblems()
        let problems = lines.problems.dropFirst(known)
        let isOwn = problems.first?.line.map { connection.numbers.contains($0) } ?? false
        report.expect(
          isRead && problems.count == 1 && isOwn && !connection.isUsable && deliveries(connection) == count, what,
          because: "\(disk.name): \(reads) reads, \(problems.count) problems, of its own \(isOwn), "
            + "\(deliveries(connection) - count) interrupts afterwards")
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    private func deliveries(_ connection: DeviceConnection) -> UInt {
      connection.numbers.reduce(0) { $0 + connection.lines.interrupts.count(of: $1) }
    }

    /// One read, with its interrupt as long as it comes.
    private func readUnnoticed(_ disk: any Disk, _ buffer: inout DMABuffer) -> Bool {
      var lent = DMABuffer()
      swap(&lent, &buffer)
      if case .refused = disk.startRead(sector: 0, into: lent) { return false }
      _ = disk.mailbox.take()
      _ = disk.arm()
      disk.publish()
      let interruptEnd = clock.now + .milliseconds(100)
      while disk.mailbox.isEmpty, disk.connection?.isUsable ?? false, clock.now < interruptEnd { relaxProcessor() }
      let deadline = clock.now + .seconds(2)
      while clock.now < deadline {
        if let completion = disk.completeUnnoticed() {
          let isDone = completion.result == .done
          buffer = completion.takeBuffer()
          return isDone
        }
      }
      return false
    }

    /// Nobody is affected who does not share that line.
    private func checkSource(_ source: any EntropyDevice) {
      let isUsable = source.connection?.isUsable ?? false
      let what = "disorder: \(source.name) goes on, " + (isUsable ? "and interrupts a sleeping processor" : "polled")
      let (interrupts, halts) = (source.mailbox.interrupts, source.halts)
      let deadline = clock.now + .seconds(5)
      do throws(EntropyError) {
        var isWoken = false
        repeat {
          _ = try source.bytes(64)
          isWoken = source.mailbox.interrupts != interrupts && source.halts != halts
        } while isUsable && !isWoken && clock.now < deadline
        report.expect(isWoken == isUsable, what)
      } catch {
        report.fail(what, because: error.words)
      }
    }

    private func allocate(_ byteCount: Int) throws(BlockError) -> DMABuffer {
      do throws(DMAError) { return try memory.allocate(byteCount: byteCount) } catch { throw .memory(error) }
    }
  }
#endif
