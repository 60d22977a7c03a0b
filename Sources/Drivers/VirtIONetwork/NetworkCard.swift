public import DevicePlatform
public import VirtIO

/// A network card: its configuration, its control queue and its life. The data path is `pair`, and further pairs.
///
///     var card = try NetworkCard(transport, waiter: &waiter)
///     while true {
///       let changes = try card.update()                       // link, announcement, failure
///       card.pair.receiveBatch(upTo: 32) { frame in ... }     // each frame owns its buffers
///       card.pair.sendBatch(upTo: 32, source: { ... }, refused: { ... })
///       card.pair.reclaimBatch(upTo: 32) { frame in ... }
///     }
///
/// The value is the device's one owner. Dropping it resets the device.
///
/// SPEC: Device Types / Network Device
public struct NetworkCard<T: Transport & ~Copyable>: ~Copyable {
  var transport: T
  var control: ControlQueue<T>?
  let state: CardState
  /// The device broke the rules, or asked for a reset, and was told so once.
  var isFailed = false
  /// The first pair of queues: all there is, unless more were asked for.
  public var pair: NetworkQueuePair<T>
  /// Further pairs that nobody has at the moment.
  let shelf: PairShelf<T>
  /// How many pairs of queues there are, in use or not.
  public let pairLimit: Int
  /// Pairs that the device uses at the moment.
  public internal(set) var activePairCount = 1
  /// What the device says about itself; read again by `update`.
  public internal(set) var configuration: NetworkConfiguration
  /// The card's address: the device's, or the caller's where it has none.
  public internal(set) var address: MACAddress
  /// What frames look like.
  public let layout: FrameLayout
  /// Where the interrupt side leaves events; `update` takes them.
  public let mailbox = EventMailbox()
  /// What was negotiated.
  public let features: FeatureSet

  /// Brings a network card up, and gives its receive queues their buffers.
  ///
  /// - Parameters:
  ///   - transport: consumed, also on failure: a device that could not be brought up is left with FAILED set.
  ///   - options: limits and wishes.
  ///   - waiter: waits for the reset.
  public init<W: Waiter & ~Copyable>(
    _ transport: consuming T, options: NetworkOptions = NetworkOptions(), waiter: inout W
  ) throws(BringupError) {
    precondition(1...0x8000 ~= options.pairs, "1 to 32768 pairs of queues")
    precondition(options.fallbackAddress?.isUsable ?? true, "a card's address is neither zero nor multicast")
    var transport = transport
    let state = CardState()
    let parts = try transport.bringUp(
      as: .network, features: Self.wishes(options, isLegacy: transport.isLegacy), waiter: &waiter,
      timeout: options.resetTimeout
    ) { (transport, features) throws(BringupError) in
      try Self.makeParts(&transport, options, features, state)
    }
    self.transport = transport
    self.state = state
    control = parts.control
    pair = parts.pair
    shelf = parts.shelf
    configuration = parts.configuration
    pairLimit = max(1, min(options.pairs, parts.configuration.pairCount))
    address = parts.address
    layout = parts.layout
    features = parts.features
    // Only now may the device be notified.
    pair.publish()
  }

  deinit {
    // A device that still owned buffers would go on writing them. The pairs see the word, whenever they are dropped.
    if let reset = transport.reset(attempts: 1_000_000) {
      state.reportReset(reset)
      if var control = control { control.deviceWasReset(reset) }
    }
  }

  private static func wishes(_ options: NetworkOptions, isLegacy: Bool) -> DriverFeatures {
    var wanted = options.features.intersection(FeatureSet.Network.known)
    if options.pairs == 1 { wanted.remove(.Network.queuePairs) }
    // Header and frame share a receive buffer, which a legacy device allows by ANY_LAYOUT only.
    // SPEC: Device Types / Network Device / Legacy Interface: Framing Requirements
    var required: FeatureSet = isLegacy ? .anyLayout : []
    if options.fallbackAddress == nil { required.insert(.Network.macAddress) }
    return DriverFeatures(wanted: wanted, required: required, settle: FeatureSet.Network.settled)
  }

  /// The interrupt side: for the kernel's interrupt table. Without it the driver works by polling.
  public func makeInterruptHandle() -> InterruptHandle<T.Interrupts> {
    InterruptHandle(source: transport.makeInterruptSource(), mailbox: mailbox)
  }

  /// The largest packet in bytes, Ethernet header not counted.
  public var mtu: Int { layout.maximumFrameByteCount - FrameLayout.ethernetHeaderByteCount }
  /// The link carries frames, as far as is known.
  public var isLinkUp: Bool { configuration.isLinkUp }
  /// What the device status says at this moment.
  public var status: DeviceStatus { transport.readStatus() }
  /// Where the device is.
  public var location: String { transport.location }
  /// True when the device follows the drafts before version 1.
  public var isLegacy: Bool { transport.isLegacy }
  /// The control queue, to look at; nil when there is none.
  public var controlState: QueueState? {
    switch control {
    case .some(let control): QueueState(control.queue)
    case .none: nil
    }
  }
}
