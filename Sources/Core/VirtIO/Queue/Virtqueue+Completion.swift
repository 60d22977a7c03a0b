public import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// The next request that is over, in the order in which the device finished them; those that `wait` kept come when
  /// there is nothing newer. nil when there is none, or when the queue has failed (`fault`).
  @inlinable @inline(__always)
  public mutating func complete() -> Completion? {
    if seenUsed == lastUsed, !refresh() { return stashHead == stashTail ? nil : popStash() }
    let (id, length) = ring.usedElement(lastUsed)
    guard let slot = tokens.slot(at: id), tokens.info(slot).isOrdinary else { return completeNext() }
    let info = tokens.info(slot)
    let status = ring.takeStatus(of: slot, tokens)
    let payload = tokens.unpark(slot)
    tokens.giveBack(slot, &free)
    lastUsed &+= 1
    return Completion(
      token: Token(slot), tag: info.tag, written: clamp(length, info.byteCount), status: status, payload: payload)
  }

  /// Hands over what the next used element names, whatever its chain is; nil if the device had no right to name it.
  @inlinable @inline(never)
  mutating func completeNext() -> Completion? {
    guard let slot = finishNext() else { return nil }
    return deliver(slot)
  }

  /// A length is never believed beyond what the device was given to write. Legacy devices are known to lie here, so
  /// this is counted, not punished.
  @inlinable @inline(__always)
  mutating func clamp(_ length: UInt32, _ limit: UInt32) -> UInt32 {
    if length <= limit { return length }
    counts.falseLengths &+= 1
    counts.lastFalseLength = length
    return limit
  }

  /// Looks how far the device is; true if there is something to take.
  @inlinable @inline(__always)
  mutating func refresh() -> Bool {
    let index = ring.usedIndex()
    let fresh = UInt32(index &- UInt16(truncatingIfNeeded: lastUsed))
    if fresh == 0 { return false }
    guard fresh <= published &- lastUsed else {
      if fault == nil {
        fail(.usedIndexJumped(from: UInt16(truncatingIfNeeded: lastUsed), to: index, inFlight: published &- lastUsed))
      }
      return false
    }
    seenUsed = lastUsed &+ fresh
    return true
  }

  /// The device named a chain that it does not have.
  @inlinable @inline(never)
  mutating func refuse(_ id: UInt32) { fail(tokens.slot(at: id) == nil ? .idUnknown(id) : .idNotInFlight(id)) }

  /// From now on nothing is accepted, published or completed. What is in flight stays parked: the device may still
  /// write it.
  @inlinable @inline(never)
  mutating func fail(_ reason: QueueFault) {
    if failure == nil { failure = reason }
    abandon()
  }

  /// Nothing goes in or out any more but what `wait` kept; what is in flight waits for `takeUnfinished`.
  @inlinable @inline(never)
  mutating func abandon() {
    abandoned &+= next &- lastUsed
    free = .none
    next = lastUsed
    published = lastUsed
    seenUsed = lastUsed
  }
}
