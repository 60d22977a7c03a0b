#if os(none)
  import BareMetal
  import CBareMetal
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// What a number of reads cost, in instructions of the driver: the time in which the device works is left out.
  struct DataPathCounts {
    /// For each read: start and publish.
    private(set) var submit: [UInt] = []
    /// For each read: the completion, with its buffer taken out.
    private(set) var complete: [UInt] = []
    /// Why there are fewer than were asked for.
    fileprivate(set) var problem: String?

    /// What reading the counter twice in a row costs: not the driver's.
    private let overhead: UInt

    fileprivate init(reads: Int) {
      submit.reserveCapacity(reads)
      complete.reserveCapacity(reads)
      vireo_count_instructions()
      var least = UInt.max
      for _ in 0..<16 {
        let begin = vireo_instructions()
        let end = vireo_instructions()
        least = min(least, UInt(end &- begin))
      }
      overhead = least
    }

    /// For each read: from the interrupt that the processor takes to the completion, with its buffer taken out.
    private(set) var wakeUps: [UInt] = []

    fileprivate mutating func add(wakeUp: UInt) { wakeUps.append(wakeUp > overhead ? wakeUp - overhead : 0) }

    fileprivate mutating func add(submit: UInt, complete: UInt) {
      self.submit.append(submit > overhead ? submit - overhead : 0)
      self.complete.append(complete > overhead ? complete - overhead : 0)
    }
  }

  extension TransportDisk where T: ~Copyable {
    func countReads(_ count: Int, of buffer: consuming DMABuffer, until deadline: MonotonicTime) -> DataPathCounts {
      // Borrowed once for all reads: an access to a class's property is checked at run time, which is not the driver's.
      countReadsOneByOne(on: &device, count, buffer, waiter, deadline)
    }
  }

  extension TransportDisk where T: ~Copyable {
    func countWakeUps(_ count: Int, of buffer: consuming DMABuffer, until deadline: MonotonicTime) -> DataPathCounts {
      guard let connection else {
        var counts = DataPathCounts(reads: 0)
        counts.problem = "does not interrupt"
        return counts
      }
      return countWakeUpsOneByOne(on: &device, count, buffer, connection, deadline)
    }
  }

  /// The processor keeps interrupts out until the device's one is pending, and then reads the counter and lets them in:
  /// wherever the host runs the device, the interrupt is taken at this place. Counted are the vector, the handler, the
  /// way back, the look at the mailbox, and the completion.
  private func countWakeUpsOneByOne<T: Transport & ~Copyable>(
    on device: inout BlockDevice<T>, _ count: Int, _ buffer: consuming DMABuffer, _ connection: DeviceConnection,
    _ deadline: MonotonicTime
  ) -> DataPathCounts {
    var counts = DataPathCounts(reads: count)
    let sectors = UInt64(buffer.count / BlockGeometry.sectorByteCount)
    let places = max(1, device.geometry.sectorCount / sectors)
    let mailbox = device.mailbox
    let interrupts = connection.lines.interrupts
    let lines = connection.numbers
    var buffer = buffer
    for index in 0..<UInt64(count) {
      _ = mailbox.take()
      let before = mailbox.interrupts
      var lent = DMABuffer()
      swap(&lent, &buffer)
      if case .refused(let refusal, _) = device.startRead(sector: index % places * sectors, into: lent) {
        counts.problem = refusal.words
        return counts
      }
      _ = device.arm()
      vireo_mask_interrupts()
      device.publish()
      while !lines.contains(where: { interrupts.isPending($0) == true }), interrupts.clock.now < deadline {}
      let isEarly = mailbox.interrupts != before
      let begin = vireo_instructions()
      vireo_unmask_interrupts()
      while mailbox.isEmpty, interrupts.clock.now < deadline {}
      guard let completion = device.complete() else {
        counts.problem = "no answer with its interrupt"
        return counts
      }
      let result = completion.result
      buffer = completion.takeBuffer()
      counts.add(wakeUp: UInt(vireo_instructions() &- begin))
      if result != .done { counts.problem = result.words }
      if isEarly || mailbox.interrupts != before &+ 1 { counts.problem = "not one interrupt for a read" }
    }
    device.disarm()
    return counts
  }

  private func countReadsOneByOne<T: Transport & ~Copyable>(
    on device: inout BlockDevice<T>, _ count: Int, _ buffer: consuming DMABuffer, _ waiter: KernelWaiter,
    _ deadline: MonotonicTime
  ) -> DataPathCounts {
    var counts = DataPathCounts(reads: count)
    let sectors = UInt64(buffer.count / BlockGeometry.sectorByteCount)
    let places = max(1, device.geometry.sectorCount / sectors)
    var buffer = buffer
    for index in 0..<UInt64(count) {
      let sector = index % places * sectors
      var lent = DMABuffer()
      swap(&lent, &buffer)
      let begin = vireo_instructions()
      let submission = device.startRead(sector: sector, into: lent)
      device.publish()
      let submitted = vireo_instructions()
      if case .refused(let refusal, _) = submission {
        counts.problem = refusal.words
        return counts
      }
      while true {
        let look = vireo_instructions()
        if let completion = device.complete() {
          let result = completion.result
          buffer = completion.takeBuffer()
          let completed = vireo_instructions()
          counts.add(submit: UInt(submitted &- begin), complete: UInt(completed &- look))
          if result != .done { counts.problem = result.words }
          break
        }
        if waiter.now > deadline {
          counts.problem = "no answer in time"
          return counts
        }
      }
    }
    return counts
  }
#endif
