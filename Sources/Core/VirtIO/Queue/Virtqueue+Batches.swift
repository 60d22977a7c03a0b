public import DevicePlatform
public import VirtqueueStorage

extension Virtqueue where T: ~Copyable {
  /// Takes as many requests as there are and as there is room for, then publishes them with at most one notification.
  ///
  /// - Parameters:
  ///   - limit: the most requests to take.
  ///   - deviceWrites: the device fills the buffers; otherwise it reads them.
  ///   - tag: the driver's own mark on each of them.
  ///   - source: fills a request's header in and returns its buffer; nil ends the batch. Asked only while there is room.
  ///   - refused: gets back a buffer that is empty or too long; the batch ends there.
  /// - Returns: how many requests were taken.
  @inlinable @inline(__always)
  public mutating func submitBatch(
    upTo limit: Int, deviceWrites: Bool, tag: UInt16 = 0,
    source: (borrowing RequestHeader<T>) -> DMABuffer?,
    refused: (SubmissionRefusal, consuming DMABuffer) -> Void
  ) -> Int {
    // Copies, so that the compiler may keep them in registers: a store through a ring pointer could change a field.
    let ring = ring
    let tokens = tokens
    let domain = domain
    let longest = maximumSegmentByteCount
    let status = statusByteCount
    var free = free
    var next = next
    var count = 0
    while count < limit, free != 0 {
      let slot = tokens.freeSlot(free)
      guard let buffer = source(ring.header(of: slot)) else { break }
      let byteCount = UInt32(truncatingIfNeeded: buffer.count)
      guard byteCount &- 1 < longest else {
        refused(refusal(byteCount), buffer)
        break
      }
      precondition(buffer.domain == domain, "the buffer comes from other DMA memory than the queue")
      ring.writeChain(slot, buffer: buffer, deviceWrites: deviceWrites)
      tokens.park(buffer, writable: status &+ (deviceWrites ? byteCount : 0), tag: tag, at: slot)
      ring.setAvailable(next, slot)
      free &-= 1
      next &+= 1
      count &+= 1
    }
    self.free = free
    self.next = next
    publish()
    return count
  }

  /// Hands over everything that is finished.
  ///
  /// - Parameters:
  ///   - limit: the most requests to hand over.
  ///   - sink: gets them one by one.
  /// - Returns: how many there were.
  @inlinable @inline(__always)
  public mutating func completeBatch(upTo limit: Int, _ sink: (consuming Completion) -> Void) -> Int {
    var count = 0
    while count < limit, stashHead != stashTail, let completion = popStash() {
      sink(completion)
      count &+= 1
    }
    if seenUsed == lastUsed, !refresh() { return count }
    let ring = ring
    let tokens = tokens
    let seen = seenUsed
    var free = free
    var last = lastUsed
    var bad: UInt32? = nil
    while count < limit, last != seen {
      let (id, length) = ring.usedElement(last)
      guard let slot = ring.slot(ofHead: id), tokens.info(slot).isInFlight else {
        bad = id
        break
      }
      let info = tokens.info(slot)
      let status = ring.status(of: slot)
      let payload = tokens.unpark(slot)
      tokens.giveBack(slot, free)
      free &+= 1
      last &+= 1
      count &+= 1
      sink(
        Completion(
          token: Token(slot), tag: info.tag, written: clamp(length, info.byteCount), status: status, payload: payload))
    }
    self.free = free
    lastUsed = last
    if let bad { _ = refuse(bad) }
    return count
  }
}
