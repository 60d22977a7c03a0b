public import DeviceManager
public import DevicePlatform
public import DeviceTraits
public import VirtIO
public import VirtIONetwork

/// Has the manager drive network cards.
public struct NetworkDriver: DeviceDriver {
  /// The driver's name.
  public let name = "virtio-net"
  /// `net0`, `net1`, ...
  public let naming = DeviceNaming.numbered("net")
  private let options: NetworkOptions

  /// A driver.
  ///
  /// - Parameter options: for each card. Frames come in one buffer each, which may be sent on, whatever it says.
  public init(options: NetworkOptions = NetworkOptions()) {
    var options = options
    options.features.subtract(.Network.mergeableBuffers)
    options.receiveBufferDirection = .bidirectional
    self.options = options
  }

  /// Network cards, old and new.
  public func matches(_ device: DeviceIdentification) -> Bool { device.type == .network }

  /// Brings a card up.
  public func start<T: Transport & ~Copyable>(
    _ transport: consuming T, in slot: any DeviceSlot, named name: String
  ) throws(BringupError) -> any DrivenDevice {
    var waiter = slot.polling
    let memory = transport.memory
    return NetworkInterface(
      try NetworkCard(transport, options: options, waiter: &waiter), memory: memory, in: slot, named: name)
  }
}

/// A VirtIO network card as one of the machine's interfaces.
public final class NetworkInterface<T: Transport & ~Copyable>: NetworkDevice, DrivenDevice {
  private var card: NetworkCard<T>
  private let memory: T.Memory
  private var waiter: DeviceWaiter
  // Buffers of frames that have left, for the next ones; each can be filled by the device, too.
  private var spare: DMABufferStack
  // How many buffers the device had to fill at first, and is to have: a received frame may be sent on in its buffer.
  private let receiveCount: Int
  // Asked for an interrupt, which the next look takes back.
  private var isArmed = false

  /// Takes a card over, and has it interrupt if it can. One that does not merge buffers: a frame of the trait's has one.
  public init(_ card: consuming NetworkCard<T>, memory: T.Memory, in slot: any DeviceSlot, named name: String) {
    precondition(!card.layout.mergesBuffers, "a card whose frames lie in one buffer each")
    waiter = slot.connect(card.makeInterruptHandle().erased, name: name) ?? slot.polling
    spare = DMABufferStack(capacity: card.pair.transmitCapacity)
    receiveCount = card.pair.buffersInFlight
    self.memory = memory
    self.card = card
  }

  /// A network interface.
  public var role: DeviceRole { .network(self) }
  /// Where it is.
  public var location: String { card.location }
  /// The card's address.
  public var hardwareAddress: InlineArray<6, UInt8> { InlineArray { card.address[$0] } }
  /// The largest payload of a frame in bytes.
  public var mtu: Int { card.mtu }
  private var frameLimit: Int { card.layout.maximumFrameByteCount }

  /// The link carries frames, as far as is known: asks the device, which interrupts nobody for it where it is polled.
  public var isLinkUp: Bool {
    do throws(ConfigurationError) { _ = try card.refreshConfiguration() } catch {}
    return card.isLinkUp
  }

  /// A buffer of the card's.
  public func makeFrame(byteCount: Int) throws(NetworkError) -> NetworkFrame {
    if byteCount < FrameLayout.ethernetHeaderByteCount { throw .tooShort(byteCount: byteCount) }
    if byteCount > frameLimit { throw .tooLong(byteCount: byteCount, limit: frameLimit) }
    takeBackSent()
    if let buffer = spare.pop() { return NetworkFrame(buffer, from: 0, byteCount: byteCount) }
    do throws(DMAError) {
      let buffer = try memory.allocate(byteCount: card.layout.fullBufferByteCount)
      return NetworkFrame(buffer, from: 0, byteCount: byteCount)
    } catch {
      throw .failed(error.words)
    }
  }

  /// Takes a frame for sending; the device finishes an unfinished checksum, or else the driver does.
  public func send(_ frame: consuming NetworkFrame) -> RefusedFrame? {
    let (offset, byteCount, checksum) = (frame.offset, frame.byteCount, frame.checksum)
    switch card.pair.send(Self.outgoing(frame)) {
    case .accepted: return nil
    case .refused(let refusal, let frame):
      return RefusedFrame(
        NetworkFrame(frame.takeBuffer(), from: offset, byteCount: byteCount, checksum: checksum),
        because: Self.error(refusal))
    }
  }

  private static func outgoing(_ frame: consuming NetworkFrame) -> OutgoingFrame {
    let (offset, byteCount) = (frame.offset, frame.byteCount)
    guard case .unfinished(let start, let field) = frame.checksum else {
      return OutgoingFrame(frame.takeBuffer(), from: offset, byteCount: byteCount)
    }
    return OutgoingFrame(
      frame.takeBuffer(), from: offset, byteCount: byteCount, partial: PartialChecksum(start: start, offset: field))
  }

  private static func error(_ refusal: FrameRefusal) -> NetworkError {
    switch refusal {
    case .queue(.full): .full
    case .tooLong(let byteCount, let limit): .tooLong(byteCount: byteCount, limit: limit)
    case .tooShort(let byteCount, _): .tooShort(byteCount: byteCount)
    default: .failed(refusal.words)
    }
  }

  /// The next frame that came in, with the device's word on its checksum.
  public func receive() -> NetworkFrame? {
    if isArmed {
      isArmed = false
      card.pair.disarmReceive()
    }
    guard let frame = card.pair.receive() else { return nil }
    waiter.noteProgress()
    let (offset, byteCount, checksum) = (frame.offset, frame.byteCount, Self.checksum(of: frame))
    return NetworkFrame(frame.takeBuffer(), from: offset, byteCount: byteCount, checksum: checksum)
  }

  private static func checksum(of frame: borrowing ReceivedFrame) -> FrameChecksum {
    if let partial = frame.partialChecksum { return .unfinished(start: partial.start, offset: partial.offset) }
    return frame.isChecksumVerified ? .verified : .unknown
  }

  /// Asks the device for an interrupt.
  public func arm() -> Bool {
    isArmed = true
    return card.pair.armReceive()
  }

  /// Waits as the machine waits for this card.
  public func wait(until deadline: MonotonicTime) { waiter.wait(until: deadline) }

  /// Gives a buffer to the device again.
  public func recycle(_ frame: consuming NetworkFrame) { keep(frame.takeBuffer()) }

  /// To the device, as long as it has fewer buffers than at first. Memory goes back of a buffer that is not the card's, or
  /// when the card is gone.
  private func keep(_ buffer: consuming DMABuffer) {
    if card.pair.buffersInFlight < receiveCount {
      _ = card.pair.give(buffer)
    } else if buffer.count >= card.layout.fullBufferByteCount, spare.count < spare.capacity {
      spare.push(buffer)
    }
  }

  /// One notification at most for each direction; then what the device has told.
  public func publish() {
    takeBackSent()
    card.pair.publish()
    // A configuration that cannot be read leaves things as they are.
    do throws(ConfigurationError) { _ = try card.update() } catch {}
  }

  /// Takes back what has left, and what the device has told of its link.
  public func serve() { publish() }

  private func takeBackSent() {
    while let frame = card.pair.reclaim() { keep(frame.takeBuffer()) }
  }

  /// What the first pair of queues counted: the only one that is used.
  public var counters: InterfaceCounters {
    let (received, sent) = (card.pair.receiveCounters, card.pair.transmitCounters)
    var counters = InterfaceCounters()
    counters.framesReceived = received.frames
    counters.bytesReceived = received.bytes
    counters.drops = received.drops.byReason.compactMap {
      $0.count == 0 ? nil : FrameDrops(reason: $0.reason, count: $0.count)
    }
    counters.buffersOffered = received.buffersGiven
    counters.buffersReturned = received.buffersReturned
    counters.buffersWaiting = UInt64(card.pair.buffersInFlight)
    counters.framesTaken = sent.accepted
    counters.bytesTaken = sent.bytes
    counters.framesSent = sent.sent
    counters.framesUnsent = sent.returned
    counters.framesInFlight = UInt64(card.pair.transmitsInFlight)
    counters.framesRefused = sent.refused
    return counters
  }

  /// All that can be seen of it.
  public func observe() -> DeviceObservation? { card.observe() }

  /// Resets the device.
  public func shutDown() -> String? {
    do throws(BringupError) {
      try card.shutDown(waiter: &waiter)
      takeBackSent()
      return nil
    } catch {
      return error.words
    }
  }

  /// The device is gone.
  public func deviceWasRemoved(_ removal: DeviceRemoval) { card.deviceWasRemoved(removal) }
}
