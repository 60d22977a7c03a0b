#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock
  import VirtIOEntropy

  /// Devices that interrupt. Those that are polled are not looked at.
  extension Tour {
    /// Looks at every device that interrupts, and at the first such disk from all sides.
    func checkInterrupts() {
      guard let lines = table.lines else { return }
      // A disk without sectors does nothing that it could interrupt for.
      let readable = table.disks.filter { $0.connection != nil && $0.geometry.sectorCount > 0 }
      let interrupting = devices.filter { device in
        device.connection != nil && (device.type != .block || readable.contains { $0.name == device.name })
      }
      if interrupting.isEmpty { return }
      if let disk = readable.first(where: { $0.geometry.sectorCount >= 8 }), let connection = disk.connection {
        checkMasked(disk, connection)
        checkHalts(disk)
        checkInterruptedSubmits(disk)
        checkSpurious(disk, connection)
        checkStormBeside(disk, lines)
        checkUnknown(disk, lines)
      }
      for disk in readable { readUntilWoken(disk, lines.policy) }
      for source in table.sources where source.connection != nil { drawUntilWoken(source, lines.policy) }
      var silent = ""
      for device in interrupting where device.mailbox.interrupts == 0 || device.halts == 0 && lines.policy == .halt {
        silent += " \(device.name) (\(device.mailbox.interrupts) interrupts, \(device.halts) halts)"
      }
      report.expect(
        silent.isEmpty, "interrupts: every device has interrupted a sleeping processor", because: "not so\(silent)")
      lines.lookForProblems()
      let lost = interrupting.filter { !($0.connection?.isUsable ?? false) }
      report.expect(
        lost.isEmpty, "interrupts: no device was out of order", because: "\(lost.map { $0.name }) are polled now")
    }

    /// While its interrupts are masked nobody hears of a request that is done; later everybody does.
    private func checkMasked(_ disk: any Disk, _ connection: DeviceConnection) {
      let interrupts = connection.lines.interrupts
      _ = disk.mailbox.take()
      let before = disk.mailbox.interrupts
      connection.setMasked(true)
      var isAccepted = false
      do throws(BlockError) {
        if case .accepted = disk.startRead(sector: 0, into: try allocate(4096)) { isAccepted = true }
      } catch {
        report.note("\(disk.name): \(error.words)")
      }
      // Asked for before the device hears of the request, so that it must interrupt.
      _ = disk.arm()
      disk.publish()
      // Not a wait of the driver's, which looks once more when the time is over.
      let isTimedOut = !wait(interrupts, .milliseconds(50)) { !disk.mailbox.isEmpty }
      let masked = disk.mailbox.interrupts - before
      connection.setMasked(false)
      let isHeard = wait(interrupts, .seconds(2)) { !disk.mailbox.isEmpty }
      let isUsed = disk.mailbox.take().contains(.usedBuffers)
      let isDone = disk.complete()?.result == .done
      disk.disarm()
      report.expect(
        isAccepted && isTimedOut && masked == 0,
        "interrupts: while the disk's are masked, a wait for a request times out",
        because: "\(disk.name): accepted \(isAccepted), \(masked) interrupts")
      report.expect(
        isHeard && isUsed && isDone,
        "interrupts: when they are unmasked, the interrupt arrives and the request is done",
        because: "\(disk.name): interrupt \(isHeard), of used buffers \(isUsed), request done \(isDone)")
    }

    /// Blocking reads: the processor sleeps, and the device wakes it up. Its timer would take seconds.
    private func checkHalts(_ disk: any Disk) {
      let what = "interrupts: blocking reads, for which the processor sleeps and the disk wakes it"
      let halts = disk.halts
      let before = disk.mailbox.interrupts
      let start = clock.now
      do throws(BlockError) {
        var buffer = try allocate(512)
        var index = 0
        // An answer that comes at once leaves no time to sleep.
        while index < 300 || disk.halts == halts || disk.mailbox.interrupts == before, clock.now - start < .seconds(10)
        {
          try disk.read(sector: disk.place(index), into: &buffer)
          index += 1
        }
        let woken = disk.mailbox.interrupts - before
        let elapsed = clock.now - start
        report.expect(
          disk.halts > halts && woken > 0 && elapsed < .seconds(12), what,
          because: "\(disk.name): \(disk.halts - halts) halts, \(woken) interrupts, \(elapsed.nanoseconds) ns")
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    /// Requests are started while others finish and interrupt: each comes back, once.
    private func checkInterruptedSubmits(_ disk: any Disk) {
      var storm = SubmissionStorm(disk: disk, memory: memory, clock: clock)
      storm.run(requests: 4_000)
      report.expect(
        storm.isComplete, "interrupts: they fall into 4000 submissions, and no request is lost",
        because: "\(disk.name): \(storm.words)")
    }

    /// What a shared line does when it fires for another device, and a message that nobody sent.
    private func checkSpurious(_ disk: any Disk, _ connection: DeviceConnection) {
      // What the device had to say before has been heard.
      let deadline = clock.now + .milliseconds(20)
      while clock.now < deadline { relaxProcessor() }
      _ = disk.mailbox.take()
      let before = disk.mailbox.spuriousInterrupts &+ disk.mailbox.interrupts
      let wanted: UInt
      if connection.usesMessages {
        // A message means something by its arrival. Whoever hears it looks, and finds nothing.
        for _ in 0..<10 { connection.raise() }
        wanted = 10 * UInt(connection.numbers.count)
      } else {
        for _ in 0..<10 { disk.handleInterrupt() }
        wanted = 10
      }
      let counted = disk.mailbox.spuriousInterrupts &+ disk.mailbox.interrupts - before
      let isQuiet = disk.mailbox.take().isEmpty != connection.usesMessages && disk.complete() == nil
      report.expect(
        counted == wanted && isQuiet && canRead(disk),
        "interrupts: ten without a reason are counted, and harm nothing",
        because: "\(disk.name): \(counted) counted, expected \(wanted); quiet \(isQuiet)")
    }

    /// The serial line's interrupt is never acknowledged while the disk works.
    private func checkStormBeside(_ disk: any Disk, _ lines: DeviceLines) {
      let (line, trigger) = Machine.consoleInterrupt
      let handler = ConsoleHandler(isStuck: true)
      let known = lines.problems.count
      let isEnabled = lines.interrupts.enable(line, trigger: trigger, handler: handler)
      Machine.console.setTransmitInterrupt(true)
      var reads = 0
      let deadline = clock.now + .seconds(5)
      while lines.problems.count == known, clock.now < deadline {
        if canRead(disk) { reads += 1 }
        lines.lookForProblems()
      }
      let count = handler.count
      let halts = disk.halts
      // An answer that comes at once leaves no time to sleep.
      while disk.halts == halts || reads < 100, clock.now < deadline { if canRead(disk) { reads += 1 } }
      Machine.console.setTransmitInterrupt(false)
      lines.interrupts.disable(line)
      let problems = lines.problems.dropFirst(known)
      report.expect(
        isEnabled && problems.count == 1 && problems.first == .storm(line, count: UInt32(count)) && reads >= 100
          && handler.count == count && disk.halts > halts,
        "interrupts: another line's storm is masked and reported once, and the disk goes on",
        because: "\(problems.count) problems, \(count) then \(handler.count) interrupts, \(reads) reads, "
          + "\(disk.halts - halts) halts")
    }

    /// A line fires that nobody handles.
    private func checkUnknown(_ disk: any Disk, _ lines: DeviceLines) {
      let (line, trigger) = Machine.consoleInterrupt
      let known = lines.problems.count
      let handler = ConsoleHandler(isStuck: false)
      let isEnabled = lines.interrupts.enable(line, trigger: trigger, handler: handler)
      // The storm before may have left an edge behind.
      _ = wait(lines.interrupts, .milliseconds(5)) { false }
      let early = handler.count
      lines.interrupts.replaceHandler(of: line, by: nil)
      let before = lines.interrupts.count(of: line)
      Machine.console.setTransmitInterrupt(true)
      terminal.writeOnSerialToo("# interrupts: when this is out, a line interrupts that nobody handles\n")
      let isReported = wait(lines.interrupts, .seconds(2)) {
        lines.lookForProblems()
        return lines.problems.count > known
      }
      let isReading = canRead(disk)
      let count = lines.interrupts.count(of: line) - before
      Machine.console.setTransmitInterrupt(false)
      Machine.console.acknowledgeTransmitInterrupt()
      lines.interrupts.disable(line)
      report.expect(
        isEnabled && isReported && lines.problems.last == .nobody(line) && lines.problems.count == known + 1
          && count == 1 && handler.count == early && isReading,
        "interrupts: a line that nobody handles is masked and reported once, and the disk goes on",
        because: "reported \(isReported), \(count) interrupts, reading \(isReading)")
    }

    private func canRead(_ disk: any Disk) -> Bool {
      do throws(BlockError) {
        var buffer = try allocate(512)
        try disk.read(sector: 0, into: &buffer)
        return true
      } catch {
        report.note("\(disk.name): \(error.words)")
        return false
      }
    }

    /// An answer that comes at once leaves no time to sleep: reads until one did not.
    private func readUntilWoken(_ disk: any Disk, _ policy: WaitPolicy) {
      let deadline = clock.now + .seconds(5)
      do throws(BlockError) {
        var buffer = try allocate(512)
        while disk.mailbox.interrupts == 0 || disk.halts == 0 && policy == .halt, clock.now < deadline {
          try disk.read(sector: 0, into: &buffer)
        }
      } catch {
        report.note("\(disk.name): \(error.words)")
      }
    }

    /// An answer that comes before the driver asks for an interrupt needs none, and one that comes before the processor
    /// sleeps needs no sleep, so a single draw proves nothing.
    private func drawUntilWoken(_ source: any EntropyDevice, _ policy: WaitPolicy) {
      let deadline = clock.now + .seconds(5)
      do throws(EntropyError) {
        while source.mailbox.interrupts == 0 || source.halts == 0 && policy == .halt, clock.now < deadline {
          _ = try source.bytes(64)
        }
      } catch {
        report.note("\(source.name): \(error.words)")
      }
    }

    /// Sleeps until `condition` holds; false if it does not in time.
    private func wait(_ interrupts: Interrupts, _ span: TimeSpan, until condition: () -> Bool) -> Bool {
      var waiter = HaltingWaiter(interrupts)
      let deadline = clock.now + span
      while !condition() {
        if clock.now >= deadline { return false }
        waiter.wait(until: deadline)
      }
      return true
    }
  }
#endif
