public import DevicePlatform
public import VirtqueueStorage

/// A virtqueue in the split format, driver's side.
///
/// Requests own their data: it goes in with the submission, cannot be touched while the device has it, and comes back
/// with the completion or the refusal. `submit` never notifies; `publish` makes everything submitted visible with one
/// store and rings the bell at most once.
///
/// The driver's state is private. What the device writes (used ring, event index, status) is read once, checked, and
/// only then used: a wrong id or index makes the queue fail, a wrong length is cut down and counted.
///
/// One owner at a time; all calls on one queue are made by it.
///
/// SPEC: Basic Facilities of a Virtio Device / Split Virtqueues
@frozen
public struct Virtqueue<T: Transport & ~Copyable>: ~Copyable, Sendable {
  @usableFromInline let ring: SplitRing<T.Memory.Access>
  @usableFromInline let tokens: TokenTable
  @usableFromInline let bell: T.Bell
  @usableFromInline let domain: DMADomainKey
  @usableFromInline let maximumSegmentByteCount: UInt64
  @usableFromInline let usesEventIndex: Bool
  @usableFromInline let statusByteCount: UInt32
  /// What every request's info starts from.
  @usableFromInline let plainInfo: TokenInfo

  // Counted without end, in 32 bits: neighbouring 16-bit fields would be loaded together and lose store forwarding.
  /// Free slots; none once the queue has failed.
  @usableFromInline var free: FreeList
  /// Requests submitted so far.
  @usableFromInline var next: UInt32 = 0
  /// How many of them the device was shown.
  @usableFromInline var published: UInt32 = 0
  /// Used elements taken so far.
  @usableFromInline var lastUsed: UInt32 = 0
  /// How many the device had filled when it was last asked.
  @usableFromInline var seenUsed: UInt32 = 0
  /// Requests that finished while another one was waited for, not yet handed over: from `stashHead` to `stashTail`.
  @usableFromInline var stashHead: UInt32 = 0
  @usableFromInline var stashTail: UInt32 = 0
  // What was counted since the queue was made.
  @usableFromInline var counts = QueueCounters()
  /// How the device broke the rules, if it did.
  @inlinable public var fault: QueueFault? { failure }
  @usableFromInline var failure: QueueFault?
  /// The device was told where the queue is, and was not reset since.
  @usableFromInline var isShown = false
  /// The device was reset and has let go of everything that was in flight.
  @usableFromInline var isDeviceDone = false
  /// Requests in flight when the queue failed or the device was reset, and not yet taken back.
  @usableFromInline var abandoned: UInt32 = 0
  /// Where `takeUnfinished` goes on looking for them.
  @usableFromInline var unfinishedFrom: UInt32 = 0
  /// Whose queue this is, and since when: what a reset must be of to count.
  @usableFromInline let device: DeviceIdentity
  @usableFromInline var made: UInt64
  /// The queue's number.
  public let index: UInt16
  /// Rings, blocks and tables.
  @usableFromInline var memory: QueueMemory

  init(
    index: UInt16, device: DeviceIdentity, memory: consuming QueueMemory, access: T.Memory.Access, bell: T.Bell,
    maximumSegmentByteCount: UInt32, usesEventIndex: Bool
  ) {
    tokens = memory.makeTokenTable()
    ring = SplitRing(memory, tokens: tokens, access: access)
    self.bell = bell
    domain = DMADomainKey(domain: memory.domain)
    self.maximumSegmentByteCount = UInt64(maximumSegmentByteCount)
    self.usesEventIndex = usesEventIndex
    statusByteCount = UInt32(memory.slotLayout.statusByteCount)
    plainInfo = TokenInfo(statusByteCount: statusByteCount)
    free = tokens.allFree
    self.index = index
    self.device = device
    made = Moment.next()
    self.memory = memory
  }

  /// What is still in flight goes back to where it came from if the device was reset, or never saw any of it; else it
  /// is lost.
  @inlinable
  deinit {
    let isOver = isDeviceDone || !isShown
    for number in 0..<UInt32(memory.ringLayout.size) {
      guard let slot = tokens.slot(at: number), tokens.info(slot).isUsed else { continue }
      let payload = tokens.unpark(slot)
      if !isOver { payload.lose() }
    }
    if isShown { memory.lose() }
  }

  /// What was counted since the queue was made.
  public var counters: QueueCounters { counts }
  /// How many requests can be in flight.
  @inlinable public var capacity: Int { Int(tokens.slots) }
  /// How many requests the device, or the queue on its behalf, has at the moment.
  public var inFlight: Int { Int(used &+ abandoned) }
  @inlinable var used: UInt32 { next &- lastUsed &+ (stashTail &- stashHead) }
  /// The number of entries of the ring.
  public var size: Int { memory.ringLayout.size }
  /// Where the device finds the queue.
  public var areas: QueueAreas {
    QueueAreas(descriptors: memory.descriptorArea, driver: memory.driverArea, device: memory.deviceArea)
  }
  /// The most segments that a request can have.
  public var maximumSegments: Int { memory.slotLayout.maximumSegments }
  /// Bytes of memory, shared with the device and private, that the queue uses.
  public var byteCount: Int { memory.sharedByteCount + memory.privateByteCount }
  /// available index and used index as the driver counts them, modulo 65 536: to compare with the device's own account.
  @inlinable public var indices: (available: UInt16, used: UInt16) {
    (UInt16(truncatingIfNeeded: published), UInt16(truncatingIfNeeded: lastUsed))
  }
}
