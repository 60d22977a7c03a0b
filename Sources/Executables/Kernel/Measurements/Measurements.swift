#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// What can be counted inside the machine, as lines `# bench: NAME VALUE` with whole numbers.
  ///
  /// Instructions are counted under QEMU's `-icount shift=0` only; without it these figures are times, or zero.
  struct Measurements {
    let report: Report
    let table: DeviceTable
    let memory: KernelMemory
    let clock: CounterClock

    /// Measures the first disk.
    func run() {
      let what = "bench: reads of the first disk were measured"
      guard let disk = table.disks.first else { return report.fail(what, because: "no disk, expected at least one") }
      do throws(BlockError) {
        var buffer = try allocate(max(512, Int(disk.geometry.blockByteCount)))
        try disk.read(sector: 0, into: &buffer)
        figure("first-sector-ns", clock.now.nanoseconds)

        let reads = 1000
        let counts = disk.countReads(reads, of: try allocate(4096), until: clock.now + .seconds(60))
        if let problem = counts.problem { return report.fail(what, because: "\(disk.name): \(problem)") }
        figures("submit-instructions", counts.submit)
        figures("complete-instructions", counts.complete)
        for depth in [1, 32] {
          figure("doorbells-per-1000-at-depth-\(depth)", try countDoorbells(disk, requests: reads, depth: depth))
        }
        figure("queue-bytes-per-entry", UInt64(disk.queue.byteCount / disk.queue.size))
        report.expect(counts.submit.count == reads && disk.queue.inFlight == 0, what)
      } catch {
        report.fail(what, because: "\(disk.name): \(error.words)")
      }
    }

    private func figure(_ name: String, _ value: UInt64) { report.note("bench: \(name) \(value)") }

    private func figures(_ name: String, _ values: [UInt]) {
      let sorted = values.sorted()
      guard let least = sorted.first else { return }
      figure(name + "-min", UInt64(least))
      figure(name + "-median", UInt64(sorted[sorted.count / 2]))
    }

    /// Starts `depth` reads at a time, publishes them together, and waits until all are done.
    private func countDoorbells(_ disk: any Disk, requests: Int, depth: Int) throws(BlockError) -> UInt64 {
      let before = disk.queue.counters.notifications
      var buffers = DMABufferStack(capacity: depth)
      for _ in 0..<depth { buffers.push(try allocate(4096)) }
      let places = max(1, disk.geometry.sectorCount / 8)
      var started = 0
      let deadline = clock.now + .seconds(60)
      while started < requests {
        while started < requests, let buffer = buffers.pop() {
          switch disk.startRead(sector: UInt64(started) % places * 8, into: buffer) {
          case .accepted: started += 1
          case .refused(let refusal, _): throw .refused(refusal)
          }
        }
        disk.publish()
        while disk.queue.inFlight > 0 {
          guard let completion = disk.complete() else {
            if clock.now > deadline { throw .timedOut(status: disk.status) }
            continue
          }
          guard completion.result == .done else { throw .failed(completion.result) }
          buffers.push(completion.takeBuffer())
        }
      }
      return disk.queue.counters.notifications - before
    }

    private func allocate(_ byteCount: Int) throws(BlockError) -> DMABuffer {
      do throws(DMAError) { return try memory.allocate(byteCount: byteCount) } catch { throw .memory(error) }
    }
  }
#endif
