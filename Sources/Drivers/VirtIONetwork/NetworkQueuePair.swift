public import DevicePlatform
public import VirtIO

/// A receive queue and a transmit queue: the data path of a network card.
///
/// One owner, on whatever CPU; different pairs of a card may live on different CPUs, they share nothing but a word that
/// says that the device has failed or was reset. A pair touches no register but its two bells: configuration, control
/// and reset are the card's (`NetworkCard`).
///
/// Frames go out by `send` or `sendBatch`, come back by `reclaim` or `reclaimBatch`, and come in by `receive` or
/// `receiveBatch`. A received frame owns its buffers; the caller gives them back, or others in their place, in any order
/// (`give`, `giveBatch`, `recycle`). Nothing here allocates, copies or waits: lists for frames of several buffers are made
/// beforehand, half as many as the queue takes buffers.
///
/// Dropped after its card, or after a reset, a pair gives all memory back; dropped before, what the device has is lost
/// for good.
///
/// SPEC: Device Types / Network Device / Device Operation
@frozen
public struct NetworkQueuePair<T: Transport & ~Copyable>: ~Copyable, Sendable {
  @usableFromInline var receiveQueue: Virtqueue<T>
  @usableFromInline var transmitQueue: Virtqueue<T>
  @usableFromInline var assembly: FrameAssembly
  @usableFromInline var sent = TransmitCounters()
  @usableFromInline let state: CardState
  /// What frames look like on both queues.
  public let layout: FrameLayout
  /// The pair's number, from 0.
  public let index: Int
  /// Where an interrupt message of this pair's own leaves its events. With one interrupt line for the whole device they
  /// come to the card's mailbox.
  public let mailbox = EventMailbox()

  init(
    index: Int, receive: consuming Virtqueue<T>, transmit: consuming Virtqueue<T>, layout: FrameLayout,
    buffersPerFrame: Int, state: CardState
  ) {
    assembly = FrameAssembly(capacity: receive.capacity, layout: layout, buffersPerFrame: buffersPerFrame)
    receiveQueue = receive
    transmitQueue = transmit
    receiveQueue.disarm()
    transmitQueue.disarm()
    self.index = index
    self.layout = layout
    self.state = state
  }

  @inlinable
  deinit {
    if let reset = state.lastReset {
      var receiveQueue = receiveQueue
      var transmitQueue = transmitQueue
      receiveQueue.deviceWasReset(reset)
      transmitQueue.deviceWasReset(reset)
    }
  }

  /// The interrupt side of a message that means this pair and nothing else.
  public func makeMessageHandle() -> InterruptHandle<MessageSource> {
    InterruptHandle(source: MessageSource(meaning: .usedBuffers), mailbox: mailbox)
  }

  /// How many frames can be on their way out.
  public var transmitCapacity: Int { transmitQueue.capacity }
  /// How many are.
  public var transmitsInFlight: Int { transmitQueue.inFlight }
  /// How many receive buffers the device can have.
  public var receiveCapacity: Int { receiveQueue.capacity }
  /// How many it has.
  public var buffersInFlight: Int { receiveQueue.inFlight }
  /// The most segments of a frame to send.
  public var maximumSegments: Int { transmitQueue.maximumSegments }
  /// What the receive queue counted.
  public var receiveCounters: ReceiveCounters { assembly.counters }
  /// What the transmit queue counted.
  public var transmitCounters: TransmitCounters { sent }
  /// The receive queue, to look at.
  public var receiveState: QueueState { QueueState(receiveQueue) }
  /// The transmit queue, to look at.
  public var transmitState: QueueState { QueueState(transmitQueue) }
  /// How the device broke the rules of one of the two queues, if it did. The pair takes nothing more then; the card
  /// resets the device in its next `update`.
  @inlinable public var fault: QueueFault? { receiveQueue.fault ?? transmitQueue.fault }

  /// The bus says that the device is gone, see `NetworkCard.deviceWasRemoved`.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) {
    receiveQueue.deviceWasRemoved(removal)
    transmitQueue.deviceWasRemoved(removal)
  }

  /// What no operation does on its way: looks whether the device has failed, or was reset.
  @inlinable @inline(never)
  mutating func noticeState() {
    if fault != nil { state.reportFault() }
    if let reset = state.lastReset {
      receiveQueue.deviceWasReset(reset)
      transmitQueue.deviceWasReset(reset)
    }
  }
}
