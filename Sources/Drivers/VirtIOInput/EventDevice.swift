public import DevicePlatform
public import InputEvents
public import VirtIO

/// An input device: a keyboard, a mouse, a tablet, a touch screen.
///
///     var keyboard = try EventDevice(transport, waiter: &waiter)
///     var frame = InputFrame()
///     while keyboard.nextFrame(&frame) {
///       for event in frame { ... }
///     }
///     try keyboard.set(.capsLock, isOn: true)
///
/// The value is the device's one owner. Dropping it resets the device.
///
/// SPEC: Device Types / Input Device
public struct EventDevice<T: Transport & ~Copyable>: ~Copyable {
  @usableFromInline var transport: T
  @usableFromInline var events: Virtqueue<T>
  var statusQueue: Virtqueue<T>
  /// Buffers for events to the device that are not under way.
  var spare: DMABufferStack
  @usableFromInline var assembly: FrameAssembly
  /// How many buffers for events there are.
  @usableFromInline let bufferCount: Int
  /// After so many events the device is shown their buffers again, even if there are more: half of them.
  @usableFromInline let refillCount: Int
  /// Events taken since the device was last shown buffers.
  @usableFromInline var taken = 0
  /// Events that come before the one in front of which others may have been lost, and that one; 0 when there is no such.
  @usableFromInline var untilGap = 0
  /// The device broke the rules and was told so; once, even if it never finishes its reset.
  var isFailed = false
  /// What the device says about itself.
  public let description: InputDescription
  /// Where the interrupt side leaves events. Take them before `nextFrame`.
  public let mailbox = EventMailbox()
  /// What was negotiated.
  public let features: FeatureSet

  /// Brings an input device up, and gives it buffers.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure: a device that could not be brought up is left with FAILED set.
  ///   - options: limits and wishes.
  ///   - waiter: waits for the reset.
  public init<W: Waiter & ~Copyable>(
    _ transport: consuming T, options: InputOptions = InputOptions(), waiter: inout W
  ) throws(BringupError) {
    precondition(options.queueSize >= 1, "a queue for an event, at least")
    var transport = transport
    let parts = try transport.bringUp(
      as: .input, features: DriverFeatures(wanted: options.features.intersection(InputOptions().features)),
      waiter: &waiter, timeout: options.resetTimeout
    ) { (transport, features) throws(BringupError) in
      try InputParts(&transport, options, features)
    }
    self.transport = transport
    description = parts.description
    features = parts.features
    bufferCount = parts.events.inFlight
    refillCount = max(1, parts.events.inFlight / 2)
    events = parts.events
    statusQueue = parts.statusQueue
    spare = parts.spare
    assembly = FrameAssembly(joinsMotion: options.joinsMotion)
    events.disarm()
    statusQueue.disarm()
    // Only now may the device be notified.
    events.publish()
  }

  deinit {
    // A device that still owned buffers would go on writing them.
    if let reset = transport.reset(attempts: 1_000_000) {
      var events = events
      var statusQueue = statusQueue
      events.deviceWasReset(reset)
      statusQueue.deviceWasReset(reset)
    }
  }

  /// The interrupt side: for the kernel's interrupt table. Without it the driver works by polling.
  public func makeInterruptHandle() -> InterruptHandle<T.Interrupts> {
    InterruptHandle(source: transport.makeInterruptSource(), mailbox: mailbox)
  }

  /// Asks for an interrupt at the next event.
  ///
  /// - Returns: true if one has come already: look again before sleeping.
  public mutating func arm() -> Bool {
    // An event that the device has no buffer for would bring no interrupt.
    refill()
    return events.arm() || assembly.isWhole
  }

  /// Asks for no interrupts.
  public mutating func disarm() { events.disarm() }

  /// Events that were ignored, see `lastFault`.
  public var ignoredEventCount: UInt64 { assembly.ignoredCount }
  /// What was wrong with the last event that was ignored.
  public var lastFault: InputEventFault? { assembly.lastFault }
  /// How often events were lost, or may have been: the device said so, or had too few buffers left for a frame.
  public var overrunCount: UInt64 { assembly.overrunCount }
  /// How the device broke the rules of a queue, if it did. It was reset then.
  public var fault: QueueFault? { events.fault ?? statusQueue.fault }
  /// What the device status says at this moment.
  public var status: DeviceStatus { transport.readStatus() }
  /// Where the device is.
  public var location: String { transport.location }
  /// True when the device follows the drafts before version 1.
  public var isLegacy: Bool { transport.isLegacy }
  /// The queue of events, to look at.
  public var eventQueueState: QueueState { QueueState(events) }
  /// The queue of what the device is told, to look at.
  public var statusQueueState: QueueState { QueueState(statusQueue) }
}
