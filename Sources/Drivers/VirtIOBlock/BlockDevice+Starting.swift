public import DevicePlatform
public import VirtIO

extension BlockDevice where T: ~Copyable {
  /// Starts reading whole blocks into a buffer.
  @inlinable
  public mutating func startRead(sector: UInt64, into buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer> {
    if let refusal = geometry.refusal(.read, sector, buffer.count) { return .refused(refusal, buffer) }
    return start(.read, sector, buffer)
  }

  /// Starts reading whole blocks into a list of segments, in order.
  public mutating func startRead(sector: UInt64, into segments: consuming SegmentList) -> BlockSubmission<SegmentList> {
    if let refusal = geometry.refusal(.read, sector, segments.byteCount) { return .refused(refusal, segments) }
    return start(.read, sector, segments)
  }

  /// Starts writing a buffer of whole blocks.
  @inlinable
  public mutating func startWrite(sector: UInt64, from buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer> {
    if let refusal = geometry.refusal(.write, sector, buffer.count) { return .refused(refusal, buffer) }
    return start(.write, sector, buffer)
  }

  /// Starts writing a list of segments, in order.
  public mutating func startWrite(
    sector: UInt64, from segments: consuming SegmentList
  ) -> BlockSubmission<SegmentList> {
    if let refusal = geometry.refusal(.write, sector, segments.byteCount) { return .refused(refusal, segments) }
    return start(.write, sector, segments)
  }

  /// Starts making all finished writes durable. Only on a device with `FeatureSet.Block.flush`: without it a write is
  /// durable when it completes, and the request is refused by the device.
  ///
  /// SPEC: drivernormative:Device Types / Block Device / Device Operation
  public mutating func startFlush() throws(BlockRefusal) -> Token {
    do throws(SubmissionRefusal) {
      return try queue.submit(tag: BlockRequest.flush.rawValue) { Self.fill($0, .flush, 0) }
    } catch {
      throw .queue(error)
    }
  }

  /// Starts asking for the device's identifier; `buffer` has 20 bytes.
  public mutating func startIdentifier(into buffer: consuming DMABuffer) -> BlockSubmission<DMABuffer> {
    if buffer.count != BlockRequest.identifierByteCount {
      return .refused(.wrongSize(byteCount: buffer.count, expected: BlockRequest.identifierByteCount), buffer)
    }
    return start(.identifier, 0, buffer)
  }

  /// Shows the device everything that was started; at most one notification.
  @inlinable
  public mutating func publish() { queue.publish() }

  @inlinable
  mutating func start(
    _ request: BlockRequest, _ sector: UInt64, _ buffer: consuming DMABuffer
  ) -> BlockSubmission<DMABuffer> {
    switch queue.submit(
      buffer, deviceWrites: request != .write, tag: request.rawValue, header: { Self.fill($0, request, sector) })
    {
    case .accepted(let token): return .accepted(token)
    case .refused(let reason, let buffer): return .refused(.queue(reason), buffer)
    }
  }

  private mutating func start(
    _ request: BlockRequest, _ sector: UInt64, _ segments: consuming SegmentList
  ) -> BlockSubmission<SegmentList> {
    switch queue.submit(
      segments, deviceWrites: request != .write, tag: request.rawValue, header: { Self.fill($0, request, sector) })
    {
    case .accepted(let token): return .accepted(token)
    case .refused(let reason, let segments): return .refused(.queue(reason), segments)
    }
  }

  @inlinable @inline(__always)
  static func fill(_ header: borrowing RequestHeader<T>, _ request: BlockRequest, _ sector: UInt64) {
    // Type and the reserved word, which is zero, in one store.
    header.store(UInt64(request.rawValue), at: 0)
    header.store(sector, at: 8)
  }
}

extension BlockGeometry {
  /// Why a request cannot be made of this disk; nil if it can. A method of the geometry, not of the device: a noncopyable
  /// value that is lent to a call is copied to the stack, all of it.
  @inlinable
  func refusal(_ request: BlockRequest, _ sector: UInt64, _ byteCount: Int) -> BlockRefusal? {
    if request == .write, isReadOnly { return .readOnly }
    let block = UInt64(blockByteCount)
    let sectorsPerBlock = block / UInt64(BlockGeometry.sectorByteCount)
    guard UInt64(byteCount) & (block - 1) == 0, sector & (sectorsPerBlock - 1) == 0 else {
      return .unaligned(sector: sector, byteCount: byteCount, blockByteCount: blockByteCount)
    }
    let count = UInt64(byteCount) / UInt64(BlockGeometry.sectorByteCount)
    // SPEC: drivernormative:Device Types / Block Device / Device Operation: not beyond the capacity.
    guard sector <= sectorCount, count <= sectorCount - sector else {
      return .beyondCapacity(sector: sector, sectorCount: count, capacity: sectorCount)
    }
    return nil
  }
}
