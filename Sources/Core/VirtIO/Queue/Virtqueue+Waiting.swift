public import DevicePlatform
internal import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// Waits for one request. Others that finish in the meantime are kept for `complete`.
  ///
  /// - Parameters:
  ///   - token: a request in flight, published.
  ///   - waiter: waits between two looks.
  ///   - deadline: when to give up.
  public mutating func wait<W: Waiter & ~Copyable>(
    for token: Token, waiter: inout W, until deadline: MonotonicTime
  ) throws(WaitFailure) -> Completion {
    guard let wanted = tokens.slot(at: UInt32(token.head)), tokens.info(wanted).isUsed else {
      throw .unknownToken
    }
    if removeFromStash(wanted) { return deliver(wanted) }
    while true {
      while let slot = finishNext() {
        if slot.index == wanted.index { return deliver(slot) }
        keep(slot)
      }
      if let fault { throw .queueFailed(fault) }
      if isDeviceDone { throw .unknownToken }
      guard waiter.now < deadline else { throw .timedOut }
      // Ask for an interrupt, look again, and only then wait: whatever finishes after the second look interrupts.
      if !armRing() { waiter.wait(until: deadline) }
      disarm()
    }
  }

  /// Takes out every request with this tag that has finished, and drops what it owned: for requests of the driver's own
  /// that came too late for whoever waited. Others are kept for `complete`.
  public mutating func discardFinished(tag: UInt16) {
    while let slot = finishNext() { keep(slot) }
    for _ in 0..<(stashTail &- stashHead) {
      let slot = tokens.finishedSlot(at: stashHead)
      stashHead &+= 1
      if tokens.info(slot).tag == tag { _ = deliver(slot) } else { keep(slot) }
    }
  }

  /// Takes the next used element, and leaves its request parked as finished.
  @inlinable @inline(never)
  mutating func finishNext() -> Slot? {
    if seenUsed == lastUsed, !refresh() { return nil }
    let (id, length) = ring.usedElement(lastUsed)
    guard let slot = tokens.slot(at: id), tokens.info(slot).isInFlight else {
      refuse(id)
      return nil
    }
    let info = tokens.info(slot)
    tokens.setInfo(
      info.finished(written: clamp(length, info.byteCount), status: ring.takeStatus(of: slot, tokens)), slot)
    lastUsed &+= 1
    return slot
  }

  /// Keeps a finished request for `complete`.
  @inlinable @inline(never)
  mutating func keep(_ slot: Slot) {
    tokens.pushFinished(slot, at: stashTail)
    stashTail &+= 1
  }

  /// Hands a finished request over.
  @inlinable @inline(never)
  mutating func deliver(_ slot: Slot) -> Completion {
    let info = tokens.info(slot)
    let payload = tokens.unpark(slot)
    if fault == nil, !isDeviceDone {
      ring.relink(slot, tokens)
      tokens.giveBack(slot, &free)
    }
    return Completion(
      token: Token(slot), tag: info.tag, written: info.byteCount, status: info.status, payload: payload)
  }

  @inlinable @inline(never)
  mutating func popStash() -> Completion {
    let slot = tokens.finishedSlot(at: stashHead)
    stashHead &+= 1
    return deliver(slot)
  }

  private mutating func removeFromStash(_ wanted: Slot) -> Bool {
    var position = stashHead
    while position != stashTail, tokens.finishedSlot(at: position).index != wanted.index { position &+= 1 }
    if position == stashTail { return false }
    // Those before it move up by one.
    while position != stashHead {
      tokens.pushFinished(tokens.finishedSlot(at: position &- 1), at: position)
      position &-= 1
    }
    stashHead &+= 1
    return true
  }

  mutating func armRing() -> Bool {
    if usesEventIndex { ring.setUsedEvent(lastUsed) } else { ring.setAvailableFlags(0) }
    ring.fence()
    return ring.usedIndex() != UInt16(truncatingIfNeeded: lastUsed)
  }
}
