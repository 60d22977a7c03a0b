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
    let info = plainInfo
    // A queue that takes nothing more has an empty list.
    let room = free.isEmpty ? 0 : min(UInt32(truncatingIfNeeded: max(0, min(limit, capacity))), tokens.slots &- used)
    let next = next
    var free = free
    var count: UInt32 = 0
    while count != room {
      var rest = free
      let slot = tokens.takeFree(&rest)
      guard let buffer = source(ring.header(of: slot, tokens)) else { break }
      guard buffer.lastOffset(inDomain: domain) < longest else {
        refused(refusal(buffer), buffer)
        break
      }
      ring.writeChain(slot, tokens, buffer: buffer, deviceWrites: deviceWrites)
      let writable = deviceWrites ? UInt32(truncatingIfNeeded: buffer.count) : 0
      tokens.park(buffer, info.adding(writable: writable, tag: tag), at: slot)
      ring.setAvailable(next &+ count, slot)
      free = rest
      count &+= 1
    }
    self.free = free
    self.next = next &+ count
    publish()
    return Int(count)
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
    while count < limit {
      if seenUsed == lastUsed {
        if !refresh() {
          guard stashHead != stashTail else { break }
          sink(popStash())
          count &+= 1
          continue
        }
      }
      let ring = ring
      let tokens = tokens
      let last = lastUsed
      let ready = min(UInt32(truncatingIfNeeded: min(limit &- count, capacity)), seenUsed &- last)
      var free = free
      var taken: UInt32 = 0
      while taken != ready {
        let (id, length) = ring.usedElement(last &+ taken)
        guard let slot = tokens.slot(at: id), tokens.info(slot).isOrdinary else { break }
        let info = tokens.info(slot)
        let status = ring.takeStatus(of: slot, tokens)
        let payload = tokens.unpark(slot)
        tokens.giveBack(slot, &free)
        taken &+= 1
        sink(
          Completion(
            token: Token(slot), tag: info.tag, written: clamp(length, info.byteCount), status: status,
            payload: payload))
      }
      self.free = free
      lastUsed = last &+ taken
      count &+= Int(taken)
      if taken == ready { continue }
      // A chain of several segments, or a device that lies.
      guard let completion = completeNext() else { break }
      sink(completion)
      count &+= 1
    }
    return count
  }
}
