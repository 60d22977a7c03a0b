#if os(none)
  import BareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// Reads of one size, so many at a time. `Benchmarks/Peer/init.c` does the same on Linux.
  struct ReadLoad {
    var depth: Int
    var byteCount: Int
    /// One after the other; else wherever a simple generator says.
    var isSequential = false
    /// Ends after so many reads, if not by time.
    var count = UInt64.max
    /// Ends after so much time, if not by count.
    var span = TimeSpan.seconds(60)
  }

  /// What a load did.
  struct ReadCounts {
    fileprivate(set) var reads: UInt64 = 0
    fileprivate(set) var time = TimeSpan.seconds(0)

    /// Reads in a second.
    var rate: UInt64 { reads &* 1_000_000_000 / max(1, time.nanoseconds) }
  }

  extension TransportDisk where T: ~Copyable {
    func perform(_ load: ReadLoad, memory: KernelMemory, clock: CounterClock) throws(BlockError) -> ReadCounts {
      var waiter = waiter
      var buffers = DMABufferStack(capacity: load.depth)
      for _ in 0..<load.depth {
        do throws(DMAError) {
          buffers.push(try memory.allocate(byteCount: load.byteCount))
        } catch {
          throw .memory(error)
        }
      }
      return try performReads(on: &device, load, &buffers, &waiter, connection?.lines.interrupts, clock)
    }
  }

  /// The disk is borrowed once for all reads: an access to a class's property is checked at run time.
  private func performReads<T: Transport & ~Copyable>(
    on device: inout BlockDevice<T>, _ load: ReadLoad, _ buffers: inout DMABufferStack, _ waiter: inout KernelWaiter,
    _ interrupts: Interrupts?, _ clock: CounterClock
  ) throws(BlockError) -> ReadCounts {
    let sectors = UInt64(load.byteCount / BlockGeometry.sectorByteCount)
    let places = max(1, device.geometry.sectorCount / sectors)
    var seed: UInt32 = 1
    var started: UInt64 = 0
    var counts = ReadCounts()
    var inFlight = 0
    let begin = clock.now
    // Far beyond the load's own end: for a device that does not answer.
    let deadline = begin + load.span + .seconds(60)
    var now = begin
    while inFlight > 0 || started < load.count && now - begin < load.span {
      while started < load.count, now - begin < load.span, let buffer = buffers.pop() {
        seed = seed &* 1_103_515_245 &+ 12345
        let place = load.isSequential ? started % places : UInt64(seed >> 4) % places
        if case .refused(let refusal, _) = device.startRead(sector: place * sectors, into: buffer) {
          throw .refused(refusal)
        }
        started &+= 1
        inFlight &+= 1
      }
      device.publish()
      var isIdle = true
      while let completion = device.complete() {
        guard completion.result == .done else { throw .failed(completion.result) }
        buffers.push(completion.takeBuffer())
        inFlight &-= 1
        counts.reads &+= 1
        isIdle = false
      }
      now = clock.now
      if !isIdle {
        // The interrupts were worth it.
        interrupts?.noteProgress()
        continue
      }
      guard now < deadline else { throw .timedOut(status: device.status) }
      if !device.arm() { waiter.wait(until: deadline) }
      device.disarm()
    }
    counts.time = now - begin
    return counts
  }
#endif
