#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// What interrupts cost and save, as lines `# bench: NAME VALUE`: how many there are, what it takes to get from one to
  /// a request's end, and how many requests a second holds for each way to wait.
  struct InterruptMeasurements {
    let report: Report
    let table: DeviceTable
    let memory: KernelMemory
    let clock: CounterClock
    /// Whether the drivers have left EVENT_IDX out: then only what that changes is measured.
    let avoidsEventIndex: Bool

    /// Measures the first disk.
    func run() {
      let kind = avoidsEventIndex ? "without EVENT_IDX" : "with EVENT_IDX"
      let what = "bench: interrupts of the first disk were measured, \(kind)"
      guard let disk = table.disks.first, let lines = table.lines, disk.connection != nil else {
        return report.fail(what, because: "no disk that interrupts, expected at least one")
      }
      do throws(BlockError) {
        var waiter = HaltingWaiter(lines.interrupts)
        let suffix = avoidsEventIndex ? "-without-event-index" : ""
        for depth in [1, 32] {
          let bells = disk.queue.counters.notifications
          let interrupts = disk.mailbox.interrupts
          try read(disk, 1000, depth: depth, &waiter)
          note("interrupts-per-1000-at-depth-\(depth)\(suffix)", UInt64(disk.mailbox.interrupts - interrupts))
          note("halting-doorbells-per-1000-at-depth-\(depth)\(suffix)", disk.queue.counters.notifications - bells)
        }
        if !avoidsEventIndex {
          let counts = disk.countWakeUps(500, of: try allocate(4096), until: clock.now + .seconds(60))
          if let problem = counts.problem { return report.fail(what, because: "\(disk.name): \(problem)") }
          let sorted = counts.wakeUps.sorted()
          note("interrupt-to-completion-instructions-min", UInt64(sorted[0]))
          note("interrupt-to-completion-instructions-median", UInt64(sorted[sorted.count / 2]))
          try measureSpeed(disk, &waiter)
        }
        lines.lookForProblems()
        report.expect(lines.problems.isEmpty && disk.queue.inFlight == 0, what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    private func note(_ name: String, _ value: UInt64) { report.note("bench: \(name) \(value)") }

    /// Blocking reads for depth 1, batches for depth 32.
    private func measureSpeed(_ disk: any Disk, _ waiter: inout HaltingWaiter) throws(BlockError) {
      let policies: [(WaitPolicy, String)] = [(.poll, "polling"), (.halt, "halting"), (.adaptive, "adaptive")]
      let count = 4_000
      var buffer = try allocate(4096)
      for (policy, name) in policies {
        disk.wait(by: policy)
        let places = max(1, disk.geometry.sectorCount / 8)
        let start = clock.now
        for index in 0..<count { try disk.read(sector: UInt64(index) % places * 8, into: &buffer) }
        note("reads-per-second-\(name)-at-depth-1", rate(count, since: start))
      }
      disk.wait(by: .halt)
      var start = clock.now
      try read(disk, count, depth: 32, &waiter)
      note("reads-per-second-halting-at-depth-32", rate(count, since: start))
      start = clock.now
      var polling = PollingWaiter(clock: clock)
      try read(disk, count, depth: 32, &polling, arms: false)
      note("reads-per-second-polling-at-depth-32", rate(count, since: start))
    }

    private func rate(_ count: Int, since start: MonotonicTime) -> UInt64 {
      UInt64(count) * 1_000_000_000 / max(1, (clock.now - start).nanoseconds)
    }

    /// Reads of 4 KiB, `depth` at a time: published together, with one interrupt asked for when all are done.
    private func read<W: Waiter>(
      _ disk: any Disk, _ requests: Int, depth: Int, _ waiter: inout W, arms: Bool = true
    ) throws(BlockError) {
      var buffers = DMABufferStack(capacity: depth)
      for _ in 0..<depth { buffers.push(try allocate(4096)) }
      let places = max(1, disk.geometry.sectorCount / 8)
      let deadline = clock.now + .seconds(60)
      var started = 0
      while started < requests {
        while started < requests, let buffer = buffers.pop() {
          switch disk.startRead(sector: UInt64(started) % places * 8, into: buffer) {
          case .accepted: started += 1
          case .refused(let refusal, _): throw .refused(refusal)
          }
        }
        // Asked for before the device hears of them, so that it cannot be done before.
        if arms { _ = disk.arm(after: disk.queue.inFlight) }
        disk.publish()
        while disk.queue.inFlight > 0 {
          if let completion = disk.complete() {
            guard completion.result == .done else { throw .failed(completion.result) }
            buffers.push(completion.takeBuffer())
            continue
          }
          if clock.now > deadline { throw .timedOut(status: disk.status) }
          if !arms || !disk.arm(after: disk.queue.inFlight) { waiter.wait(until: deadline) }
        }
      }
      disk.disarm()
    }

    private func allocate(_ byteCount: Int) throws(BlockError) -> DMABuffer {
      do throws(DMAError) { return try memory.allocate(byteCount: byteCount) } catch { throw .memory(error) }
    }
  }
#endif
