public import DevicePlatform
public import VirtqueueStorage

/// A part of a buffer that the device is to read, with the whole buffer: for data of varying size in buffers of one size.
@frozen
public struct BufferPart: ~Copyable, Sendable {
  /// The buffer; the request owns all of it.
  @usableFromInline let buffer: DMABuffer
  @usableFromInline let offset: UInt32
  @usableFromInline let byteCount: UInt32

  /// The bytes `offset ..< offset + byteCount` of a buffer, at least one; they lie inside it.
  @inlinable @inline(__always)
  public init(of buffer: consuming DMABuffer, from offset: Int, byteCount: Int) {
    precondition(
      UInt(bitPattern: offset) <= UInt(bitPattern: buffer.count) && byteCount > 0
        && byteCount <= buffer.count &- offset, "a part inside a buffer")
    self.offset = UInt32(truncatingIfNeeded: offset)
    self.byteCount = UInt32(truncatingIfNeeded: byteCount)
    self.buffer = buffer
  }

  /// The whole buffer.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer { buffer }
}

extension Virtqueue where T: ~Copyable {
  /// Takes a request with a part of a buffer, which the device reads. The buffer comes back whole, with the completion or
  /// the refusal.
  ///
  /// - Parameters: as for a whole buffer.
  @inlinable @inline(__always)
  public mutating func submit(
    _ part: consuming BufferPart, tag: UInt16 = 0, header: (borrowing RequestHeader<T>) -> Void = { _ in }
  ) -> Submission<DMABuffer> {
    guard !free.isEmpty, part.buffer.lastOffset(inDomain: domain) < maximumSegmentByteCount else {
      return .refused(refusal(part.buffer), part.takeBuffer())
    }
    let slot = tokens.takeFree(&free)
    header(ring.header(of: slot, tokens))
    ring.writeChain(slot, tokens, buffer: part.buffer, from: part.offset, byteCount: part.byteCount)
    tokens.park(part.takeBuffer(), plainInfo.adding(writable: 0, tag: tag), at: slot)
    ring.setAvailable(next, slot)
    next &+= 1
    return .accepted(Token(slot))
  }

  /// Takes as many requests with parts of buffers as there are and as there is room for, then publishes them with at most
  /// one notification.
  ///
  /// - Parameters: as for whole buffers.
  /// - Returns: how many requests were taken.
  @inlinable @inline(__always)
  public mutating func submitParts(
    upTo limit: Int, tag: UInt16 = 0,
    source: (borrowing RequestHeader<T>) -> BufferPart?,
    refused: (SubmissionRefusal, consuming DMABuffer) -> Void
  ) -> Int {
    // Copies, as in `submitBatch`.
    let ring = ring
    let tokens = tokens
    let domain = domain
    let longest = maximumSegmentByteCount
    let info = plainInfo.adding(writable: 0, tag: tag)
    let room = free.isEmpty ? 0 : min(UInt32(truncatingIfNeeded: max(0, min(limit, capacity))), tokens.slots &- used)
    let next = next
    var free = free
    var count: UInt32 = 0
    while count != room {
      var rest = free
      let slot = tokens.takeFree(&rest)
      guard let part = source(ring.header(of: slot, tokens)) else { break }
      guard part.buffer.lastOffset(inDomain: domain) < longest else {
        refused(refusal(part.buffer), part.takeBuffer())
        break
      }
      ring.writeChain(slot, tokens, buffer: part.buffer, from: part.offset, byteCount: part.byteCount)
      tokens.park(part.takeBuffer(), info, at: slot)
      ring.setAvailable(next &+ count, slot)
      free = rest
      count &+= 1
    }
    self.free = free
    self.next = next &+ count
    publish()
    return Int(count)
  }
}
