public import DevicePlatform
public import VirtIO

/// What is new with a network card.
public struct NetworkChanges: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Wraps bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Frames came in, or went out.
  public static let usedBuffers = NetworkChanges(rawValue: 1)
  /// The link went up or down: see `NetworkCard.isLinkUp`.
  public static let link = NetworkChanges(rawValue: 2)
  /// The device wants the driver to announce itself: send what tells the neighbours where it is now, then call
  /// `NetworkCard.acknowledgeAnnouncement`.
  public static let announcement = NetworkChanges(rawValue: 4)
  /// The device's address has changed.
  public static let address = NetworkChanges(rawValue: 8)
  /// The device broke the rules, or asked for a reset, and was reset. All buffers come back; the card does nothing more.
  public static let failed = NetworkChanges(rawValue: 16)
}

extension NetworkCard where T: ~Copyable {
  /// Takes the events that the interrupt side left, and does what they ask for: reads the configuration when it has
  /// changed, and resets a device that failed. To be called after interrupts, and now and then.
  ///
  /// - Returns: what is new.
  /// - Throws: when the configuration cannot be read or says what cannot be; the old one stays in force.
  public mutating func update() throws(ConfigurationError) -> NetworkChanges {
    let events = mailbox.take()
    var changes: NetworkChanges = events.contains(.usedBuffers) ? .usedBuffers : []
    if pair.fault != nil || controlFault != nil { state.reportFault() }
    if events.contains(.configurationChanged), !state.isOver {
      let status = transport.readStatus()
      // Ones are what reads where there is no device: nothing to reset.
      if status.isAbsent { return changes }
      if status.contains(.deviceNeedsReset) { state.reportFault() }
    }
    if state.hasFault, failDevice() { changes.insert(.failed) }
    if !state.isOver, !isFailed, events.contains(.configurationChanged) {
      changes.formUnion(try refreshConfiguration())
    }
    return changes
  }

  /// Reads the configuration: for a driver without interrupts.
  ///
  /// - Returns: what is new.
  /// - Throws: when it cannot be read or says what cannot be; the old one stays in force.
  public mutating func refreshConfiguration() throws(ConfigurationError) -> NetworkChanges {
    let fresh = try NetworkConfiguration(transport, features: features)
    var changes: NetworkChanges = []
    if fresh.isLinkUp != configuration.isLinkUp { changes.insert(.link) }
    if fresh.wantsAnnouncement { changes.insert(.announcement) }
    if let new = fresh.address, new != address {
      address = new
      changes.insert(.address)
    }
    configuration = fresh
    return changes
  }

  /// Makes the device use so many pairs of queues, from the first on; one at the beginning. Then `takePair` gives out the
  /// others.
  ///
  /// - Throws: `.pairsUnavailable` for none, or for more than there are; `.pairsInUse` when a pair beyond them was taken
  ///   and not put back.
  ///
  /// SPEC: drivernormative:Device Types / Network Device / Device Operation / Control Virtqueue / Automatic receive steering in multiqueue mode
  public mutating func usePairs<W: Waiter & ~Copyable>(
    _ count: Int, waiter: inout W, timeout: TimeSpan = .seconds(5)
  ) throws(NetworkControlError) {
    let limit = pairLimit
    guard 1...limit ~= count else { throw .pairsUnavailable(count: count, limit: limit) }
    if count == activePairCount { return }
    if count < activePairCount, shelf.count(in: count..<activePairCount) != activePairCount - count {
      throw .pairsInUse(count: count, active: activePairCount)
    }
    try command(.queuePairs, needs: .Network.queuePairs, waiter: &waiter, timeout: timeout) { data in
      data.append(UInt16(truncatingIfNeeded: count))
    }
    let before = activePairCount
    activePairCount = count
    // What these pairs were given at bring-up.
    for index in before..<max(before, count) {
      guard var pair = shelf.take(index) else { continue }
      pair.publish()
      shelf.put(pair)
    }
  }

  /// Gives out a pair that the device uses, other than the first, to an owner of its own: on another CPU, say. nil when
  /// it is out already, or not in use.
  public mutating func takePair(_ index: Int) -> NetworkQueuePair<T>? {
    guard index > 0, index < activePairCount else { return nil }
    return shelf.take(index)
  }

  /// Takes a pair back that `takePair` gave out. One of another card is dropped.
  public mutating func putBack(_ pair: consuming NetworkQueuePair<T>) {
    if pair.state === state { shelf.put(pair) }
  }

  /// Resets the device and ends its use. Frames that it had come from `reclaim` as not sent, buffers from `takeUnused`.
  ///
  /// - Throws: `.resetTimedOut` or `.deviceAbsent`; then their memory is lost when the card is dropped, unless that reset is
  ///   faster, but see `deviceWasRemoved`.
  public mutating func shutDown<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan = .seconds(2)
  ) throws(BringupError) {
    note(try transport.reset(waiter: &waiter, timeout: timeout))
  }

  /// The bus says that the device is no longer there, as when its slot is empty or without power: it writes no memory any
  /// more. Everything comes back as after a reset.
  ///
  /// Only the bus can say so. A device whose registers merely read as ones may still write.
  /// - Parameter removal: the bus's word. Owners of pairs that were taken hand it to those.
  public mutating func deviceWasRemoved(_ removal: DeviceRemoval) {
    state.reportRemoval()
    pair.deviceWasRemoved(removal)
    shelf.deviceWasRemoved(removal)
    control?.queue.deviceWasRemoved(removal)
  }

  /// The rules were broken: FAILED, then a reset, so that the device lets go of all buffers. True the first time.
  mutating func failDevice() -> Bool {
    if isFailed || state.isOver { return false }
    isFailed = true
    transport.addStatus(.failed)
    if let reset = transport.reset(attempts: 1_000_000) { note(reset) }
    return true
  }

  private mutating func note(_ reset: DeviceReset) {
    state.reportReset(reset)
    pair.noticeState()
    control?.deviceWasReset(reset)
  }
}
