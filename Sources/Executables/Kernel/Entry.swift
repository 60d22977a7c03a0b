#if os(none)
  import BareMetal
  import CBareMetal
  import DevicePlatform

  /// Called by the boot code: MMU and caches are on, exceptions are reported.
  @c(vireo_kernel_main)
  func kernelMain() {
    Machine.console.enable()
    let facts = MachineFacts()
    let options = KernelOptions(facts.commandLine)
    terminal.choose(options.console, keepsForScreen: options.isAttended)
    Exceptions.mirror { terminal.writeInEmergency($0) }
    if options.holds { Exceptions.atEnd { hold() } }
    guard let clock = CounterClock.discover(knownFrequency: facts.timebaseFrequency) else {
      say("Bail out! the frequency of the processor's counter is unknown")
      Machine.exit(.failure)
    }
    let report = Report()
    // A measurement begins with the time to the first sector, so nothing else is done before.
    var interrupts: Interrupts?
    if options.reads != nil || options.servesFrames {
      interrupts = facts.startInterrupts(clock: clock)
    } else if !options.isBench {
      let check = SelfCheck(facts: facts, options: options, clock: clock, report: report)
      check.run()
      interrupts = facts.startInterrupts(clock: clock)
      InterruptCheck(interrupts: interrupts, length: options.selfCheck, clock: clock, report: report).run()
      check.runRules(interrupts)
    }

    // RAM as the machine describes it, mapped to itself, without all that is in use. The self-check has let go of it.
    let pages = unsafe PageAllocator(unsafeRAM: facts.ram, excluding: facts.reserved)
    let free = pages.freeBytes
    let memory = DMAPool(provider: pages)
    let lines =
      options.wait == .poll ? nil : interrupts.map { DeviceLines($0, policy: options.wait, report: report) }
    let table = DeviceTable(clock: clock, memory: memory, options: options, lines: lines)
    let screens = Screens(table.manager, presents: options.presents)
    var discovery = Discovery(table: table, memory: memory, facts: facts, options: options, report: report)
    if options.isBench {
      discovery.run()
      Measurements(report: report, table: table, memory: memory, clock: clock).run()
      // Driven a second time: without interrupts there is nothing that could disturb the counts before.
      table.removeAll()
      if let interrupts = facts.startInterrupts(clock: clock) {
        for avoidsEventIndex in [false, true] {
          var options = options
          options.avoidsEventIndex = avoidsEventIndex
          let lines = DeviceLines(interrupts, policy: .halt, report: report)
          let table = DeviceTable(clock: clock, memory: memory, options: options, lines: lines)
          var discovery = Discovery(table: table, memory: memory, facts: facts, options: options, report: report)
          discovery.run()
          InterruptMeasurements(
            report: report, table: table, memory: memory, clock: clock, avoidsEventIndex: avoidsEventIndex
          ).run()
          if !avoidsEventIndex {
            NetworkMeasurements(report: report, table: table, memory: memory, clock: clock).run()
          }
          table.removeAll()
        }
      }
      report.finish()
    } else if let requests = options.stressRequests {
      discovery.run()
      StressTest(report: report, table: table, memory: memory, clock: clock).run(requests: requests)
      report.finish()
    } else if options.isDisorder {
      DisorderTest(
        interrupts: interrupts, options: options, facts: facts, memory: memory, clock: clock, report: report
      ).run()
      report.finish()
    } else if let work = options.reads {
      discovery.run()
      ReadMeasurements(report: report, table: table, memory: memory, clock: clock).run(work)
      report.finish()
    } else if options.servesFrames {
      discovery.run()
      let what = "bench: the first network card served frames"
      let problem = table.frameCards.all.first.map { $0.serveFrames(memory: memory) } ?? "no network card"
      if let problem { report.fail(what, because: problem) } else { report.expect(true, what) }
      report.finish()
    } else if !options.tours {
      discovery.run()
      screens.findRAMScreen(memory: memory, clock: clock)
      screens.showText()
      report.finish()
    } else {
      Tour(report: report, table: table, memory: memory, clock: clock).run(&discovery, screens)
      report.finish()
      say("# tour: done")
    }

    var failures = report.failures
    if options.shell != .none {
      let shell = Shell(table: table, memory: memory, screens: screens, echoes: options.shell == .interactive)
      shell.run()
      failures += shell.failures
    }

    if options.holds { hold() }
    table.removeAll()
    // What ramfb shows stays shown, and its memory is lost on purpose.
    let shown = screens.release()
    if memory.buffersInUse != (shown == 0 ? 0 : 1) || pages.freeBytes + shown != free {
      failures += 1
      say("# memory: \(memory.buffersInUse) buffers were not given back, \(memory.buffersLost) of them lost")
    }
    Machine.exit(failures == 0 ? .success : .failure)
  }

  /// Leaves everything as it is until the host has looked at the screens, and says so by a byte that nobody types.
  private func hold() {
    Machine.console.write("# screens: as they are at the end\n" as StaticString)
    while Machine.console.readByte() != 6 { relaxProcessor() }
  }
#endif
