public import DevicePlatform
public import VirtIO

/// A disk.
///
/// Two ways to use it, which mix freely: blocking (`read`, `write`, `flush`, `identifier`), and in two phases:
/// `start…` as many requests as fit, `publish` once, `complete` until nil. Completions come in the device's order.
///
/// Sectors are 512 bytes; every request is made of whole blocks (`geometry.blockByteCount`).
///
/// The value is the device's one owner. Dropping it resets the device; buffers of unfinished requests go back to where
/// they came from, unless the device does not finish its reset: then they are lost for good.
///
/// SPEC: Device Types / Block Device
@frozen
public struct BlockDevice<T: Transport & ~Copyable>: ~Copyable {
  @usableFromInline var transport: T
  @usableFromInline var queue: Virtqueue<T>
  /// The device broke the rules and was told so; once, even if it never finishes its reset.
  @usableFromInline var isFailed = false
  /// What the device says about itself; read again by `refreshGeometry`.
  public internal(set) var geometry: BlockGeometry
  /// Where the interrupt side leaves events. Take them before looking for completions.
  public let mailbox = EventMailbox()
  /// What was negotiated.
  public let features: FeatureSet

  /// Brings a disk up.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure: a device that could not be brought up is left with FAILED set.
  ///   - options: limits and wishes.
  ///   - waiter: waits for the reset.
  public init<W: Waiter & ~Copyable>(
    _ transport: consuming T, options: BlockOptions = BlockOptions(), waiter: inout W
  ) throws(BringupError) {
    var transport = transport
    let parts = try transport.bringUp(
      as: .block, features: DriverFeatures(wanted: options.features.intersection(BlockOptions().features)),
      waiter: &waiter, timeout: options.resetTimeout
    ) { (transport, features) throws(BringupError) in
      let geometry = try Self.readGeometry(transport, features)
      let queue = try transport.makeQueue(0, Self.queueOptions(options, geometry, features), features: features)
      return Parts(queue: queue, geometry: geometry, features: features)
    }
    self.transport = transport
    geometry = parts.geometry
    features = parts.features
    queue = parts.queue
    queue.disarm()
  }

  private struct Parts: ~Copyable {
    let queue: Virtqueue<T>
    let geometry: BlockGeometry
    let features: FeatureSet
  }

  @inlinable
  deinit {
    // A device that still owned buffers would go on writing them.
    if let reset = transport.reset(attempts: 1_000_000) {
      var queue = queue
      queue.deviceWasReset(reset)
    }
  }

  static func readGeometry(
    _ transport: borrowing T, _ features: FeatureSet
  ) throws(BringupError) -> BlockGeometry {
    do throws(ConfigurationError) {
      return try BlockGeometry(transport, features: features)
    } catch {
      throw .configuration(error)
    }
  }

  private static func queueOptions(
    _ options: BlockOptions, _ geometry: BlockGeometry, _ features: FeatureSet
  ) -> QueueOptions {
    let wish = options.maximumSegments ?? (features.contains(.indirectDescriptors) ? 14 : 1)
    let limit = Int(min(geometry.segmentCountLimit ?? .max, 1024))
    return QueueOptions(
      maximumSize: options.queueSize, headerByteCount: BlockRequest.headerByteCount,
      statusByteCount: BlockRequest.statusByteCount, maximumSegments: max(1, min(wish, limit)),
      maximumSegmentByteCount: geometry.segmentSizeLimit ?? .max)
  }

  /// The interrupt side: for the kernel's interrupt table. Without it the driver works by polling.
  public func makeInterruptHandle() -> InterruptHandle<T.Interrupts> {
    InterruptHandle(source: transport.makeInterruptSource(), mailbox: mailbox)
  }

  /// How many requests can be in flight.
  public var capacity: Int { queue.capacity }
  /// How many are.
  public var inFlight: Int { queue.inFlight }
  /// The most segments of a request.
  public var maximumSegments: Int { queue.maximumSegments }
  /// The request queue, to look at.
  public var queueState: QueueState { QueueState(queue) }
  /// How the device broke the rules, if it did. It was reset then, and takes nothing more.
  public var fault: QueueFault? { queue.fault }
  /// What the device status says at this moment.
  public var status: DeviceStatus { transport.readStatus() }
  /// Where the device is.
  public var location: String { transport.location }
  /// True when the device follows the drafts before version 1.
  public var isLegacy: Bool { transport.isLegacy }
}
