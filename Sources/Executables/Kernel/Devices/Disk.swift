#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import VirtIO
  import VirtIOBlock

  /// A block device, whatever its transport is. The meaning of each member is that of `BlockDevice`'s.
  protocol Disk: Device {
    var geometry: BlockGeometry { get }
    var maximumSegments: Int { get }
    var fault: QueueFault? { get }

    func read(sector: UInt64, into buffer: inout DMABuffer) throws(BlockError)
    func write(sector: UInt64, from buffer: inout DMABuffer) throws(BlockError)
    func flush() throws(BlockError)
    func identifier() throws(BlockError) -> [UInt8]

    func startRead(sector: UInt64, into buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer>
    func startRead(sector: UInt64, into segments: consuming SegmentList) -> BlockSubmission<SegmentList>
    func startWrite(sector: UInt64, from buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer>
    func startWrite(sector: UInt64, from segments: consuming SegmentList) -> BlockSubmission<SegmentList>
    func publish()
    func complete() -> BlockCompletion?
    /// As `complete`, but nobody hears that something got done: a line that fires for nothing else becomes a storm.
    func completeUnnoticed() -> BlockCompletion?
    /// Asks for an interrupt when the next request finishes; true if one has finished already.
    func arm() -> Bool
    /// Asks for one interrupt when so many have finished; true if it may not come.
    func arm(after count: Int) -> Bool
    func disarm()

    /// Has its blocking forms wait otherwise from now on; nothing without a connection.
    func wait(by policy: WaitPolicy)

    /// Counts what it takes from an interrupt to the buffer in the caller's hands, for so many reads one after the other.
    func countWakeUps(_ count: Int, of buffer: consuming DMABuffer, until deadline: MonotonicTime) -> DataPathCounts

    /// Counts what reads cost the driver, one after the other; see `DataPathCounts`.
    func countReads(_ count: Int, of buffer: consuming DMABuffer, until deadline: MonotonicTime) -> DataPathCounts
    /// Reads as `load` says, and tells how much and how long.
    func perform(_ load: ReadLoad, memory: KernelMemory, clock: CounterClock) throws(BlockError) -> ReadCounts
  }

  extension Disk {
    /// Where the read of this number goes: round the disk's first sectors, of which small disks have few.
    func place(_ index: Int) -> UInt64 { UInt64(index) % max(1, min(64, geometry.sectorCount)) }
  }

  /// A disk behind one kind of transport.
  final class TransportDisk<T: Transport & ~Copyable>: Disk {
    let name: String
    let offered: FeatureSet
    let wanted: FeatureSet
    // Not private, for the measurements.
    var device: BlockDevice<T>
    private(set) var waiter: KernelWaiter
    private(set) var connection: DeviceConnection?

    init(name: String, offered: FeatureSet, wanted: FeatureSet, device: consuming BlockDevice<T>, waiter: KernelWaiter)
    {
      self.name = name
      self.offered = offered
      self.wanted = wanted
      self.device = device
      self.waiter = waiter
    }

    var type: DeviceType { .block }
    var location: String { device.location }
    var isLegacy: Bool { device.isLegacy }
    var features: FeatureSet { device.features }
    var status: DeviceStatus { device.status }
    var queue: QueueState { device.queueState }
    var geometry: BlockGeometry { device.geometry }
    var maximumSegments: Int { device.maximumSegments }
    var fault: QueueFault? { device.fault }
    var mailbox: EventMailbox { device.mailbox }
    var halts: UInt { waiter.halts }

    func connect(by way: InterruptWay, _ lines: DeviceLines) -> Bool {
      guard let connection = lines.connect(device.makeInterruptHandle(), by: way, name: name) else { return false }
      self.connection = connection
      waiter = KernelWaiter(connection, lines.policy)
      return true
    }
    /// A request is over: its interrupts were worth it.
    private func noteProgress() { connection?.lines.interrupts.noteProgress() }
    func wait(by policy: WaitPolicy) {
      if let connection { waiter = KernelWaiter(connection, policy) }
    }
    func handleInterrupt() { device.makeInterruptHandle().handleInterrupt() }

    func read(sector: UInt64, into buffer: inout DMABuffer) throws(BlockError) {
      try device.read(sector: sector, into: &buffer, waiter: &waiter)
      noteProgress()
    }
    func write(sector: UInt64, from buffer: inout DMABuffer) throws(BlockError) {
      try device.write(sector: sector, from: &buffer, waiter: &waiter)
      noteProgress()
    }
    func flush() throws(BlockError) {
      try device.flush(waiter: &waiter)
      noteProgress()
    }
    func identifier() throws(BlockError) -> [UInt8] {
      let bytes = try device.identifier(waiter: &waiter)
      noteProgress()
      return bytes
    }

    func startRead(sector: UInt64, into buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer> {
      device.startRead(sector: sector, into: buffer)
    }
    func startRead(sector: UInt64, into segments: consuming SegmentList) -> BlockSubmission<SegmentList> {
      device.startRead(sector: sector, into: segments)
    }
    func startWrite(sector: UInt64, from buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer> {
      device.startWrite(sector: sector, from: buffer)
    }
    func startWrite(sector: UInt64, from segments: consuming SegmentList) -> BlockSubmission<SegmentList> {
      device.startWrite(sector: sector, from: segments)
    }
    func publish() { device.publish() }
    func complete() -> BlockCompletion? {
      let completion = device.complete()
      if completion != nil { noteProgress() }
      return completion
    }
    func completeUnnoticed() -> BlockCompletion? { device.complete() }
    func arm() -> Bool { device.arm() }
    func arm(after count: Int) -> Bool { device.arm(after: count) }
    func disarm() { device.disarm() }
  }
#endif
