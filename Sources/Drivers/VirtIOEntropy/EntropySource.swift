public import DevicePlatform
public import VirtIO

/// A device that gives random bytes.
///
/// Two ways to use it: `fill` copies into the caller's memory and waits; `start`, `publish` and `complete` work on
/// buffers that the caller owns, without waiting. Any number of sources can exist.
///
/// The value is the device's one owner. Dropping it resets the device.
///
/// SPEC: drivernormative:Device Types / Entropy Device / Device Operation
public struct EntropySource<T: Transport & ~Copyable>: ~Copyable {
  var transport: T
  var queue: Virtqueue<T>
  /// The device broke the rules and was told so; once, even if it never finishes its reset.
  var isFailed = false
  let chunkByteCount: Int
  /// Marks the requests of `fill`.
  static var chunkTag: UInt16 { 1 }
  /// The buffer of the copying form, kept between calls.
  var chunk = DMABuffer()
  /// Where the interrupt side leaves events. Take them before looking for completions.
  public let mailbox = EventMailbox()
  /// What was negotiated.
  public let features: FeatureSet

  /// Brings an entropy source up.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure: a device that could not be brought up is left with FAILED set.
  ///   - options: limits and wishes.
  ///   - waiter: waits for the reset.
  public init<W: Waiter & ~Copyable>(
    _ transport: consuming T, options: EntropyOptions = EntropyOptions(), waiter: inout W
  ) throws(BringupError) {
    precondition(options.chunkByteCount > 0, "chunkByteCount is at least 1")
    var transport = transport
    let parts = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: options.features.intersection(EntropyOptions().features)),
      waiter: &waiter, timeout: options.resetTimeout
    ) { (transport, features) throws(BringupError) in
      let queue = try transport.makeQueue(0, QueueOptions(maximumSize: options.queueSize), features: features)
      return Parts(queue: queue, features: features)
    }
    self.transport = transport
    chunkByteCount = options.chunkByteCount
    features = parts.features
    queue = parts.queue
    queue.disarm()
  }

  private struct Parts: ~Copyable {
    let queue: Virtqueue<T>
    let features: FeatureSet
  }

  deinit {
    // A device that still owned buffers would go on writing them.
    if let reset = transport.reset(attempts: 1_000_000) {
      var queue = queue
      queue.deviceWasReset(reset)
    }
  }

  /// The interrupt side: for the kernel's interrupt table. Without it the driver works by polling.
  public func makeInterruptHandle() -> InterruptHandle<T.Interrupts> {
    InterruptHandle(source: transport.makeInterruptSource(), mailbox: mailbox)
  }

  /// How many requests can be in flight.
  public var capacity: Int { queue.capacity }
  /// How many are.
  public var inFlight: Int { queue.inFlight }
  /// The request queue, to look at.
  public var queueState: QueueState { QueueState(queue) }
  /// How the device broke the rules, if it did.
  public var fault: QueueFault? { queue.fault }
  /// What the device status says at this moment.
  public var status: DeviceStatus { transport.readStatus() }
  /// Where the device is.
  public var location: String { transport.location }
  /// True when the device follows the drafts before version 1.
  public var isLegacy: Bool { transport.isLegacy }
}
