#if os(none)
  import BareMetal
  import DeviceManager
  import DevicePlatform
  import DeviceTraits
  import VirtIO
  import VirtIOEntropy

  /// An entropy source, whatever its transport is. The meaning of each member is that of `EntropySource`'s.
  protocol EntropyDevice: Device, DeviceTraits.EntropySource {
    /// Buffers that the driver keeps between two calls of `bytes`.
    var keptBuffers: Int { get }

    func bytes(_ byteCount: Int) throws(EntropyError) -> [UInt8]

    func start(into buffer: consuming DMABuffer) -> Submission<DMABuffer>
    func publish()
    func complete() -> EntropyCompletion?
  }

  /// An entropy source behind one kind of transport.
  final class TransportEntropyDevice<T: Transport & ~Copyable>: EntropyDevice {
    let name: String
    let offered: FeatureSet
    let wanted: FeatureSet
    private(set) var keptBuffers = 0
    private var device: VirtIOEntropy.EntropySource<T>
    private var waiter: KernelWaiter
    private(set) var connection: DeviceConnection?

    init(
      name: String, offered: FeatureSet, wanted: FeatureSet, device: consuming VirtIOEntropy.EntropySource<T>,
      waiter: KernelWaiter
    ) {
      self.name = name
      self.offered = offered
      self.wanted = wanted
      self.device = device
      self.waiter = waiter
    }

    var type: DeviceType { .entropy }
    var location: String { device.location }
    var isLegacy: Bool { device.isLegacy }
    var features: FeatureSet { device.features }
    var status: DeviceStatus { device.status }
    var queue: QueueState { device.queueState }
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
    func handleInterrupt() { device.makeInterruptHandle().handleInterrupt() }

    func bytes(_ byteCount: Int) throws(EntropyError) -> [UInt8] {
      let bytes = try device.bytes(byteCount, waiter: &waiter)
      noteProgress()
      if byteCount > 0 { keptBuffers = 1 }
      return bytes
    }

    var role: DeviceRole { .entropy(self) }

    func fill(_ destination: inout MutableSpan<UInt8>) throws(EntropyFailure) {
      do throws(EntropyError) {
        try device.fill(&destination, waiter: &waiter)
      } catch {
        throw EntropyFailure(error.words)
      }
      noteProgress()
      if destination.count > 0 { keptBuffers = 1 }
    }

    func observe() -> DeviceObservation? { device.observe() }

    func shutDown() -> String? {
      do throws(BringupError) {
        try device.shutDown(waiter: &waiter)
        return nil
      } catch {
        return error.words
      }
    }

    func deviceWasRemoved(_ removal: DeviceRemoval) { device.deviceWasRemoved(removal) }

    func start(into buffer: consuming DMABuffer) -> Submission<DMABuffer> { device.start(into: buffer) }
    func publish() { device.publish() }
    func complete() -> EntropyCompletion? {
      let completion = device.complete()
      if completion != nil { noteProgress() }
      return completion
    }
  }
#endif
