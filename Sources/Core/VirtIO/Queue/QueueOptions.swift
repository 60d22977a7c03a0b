/// What a driver wants of one of its queues.
public struct QueueOptions: Sendable {
  /// The most entries; the device's own limit and this one decide. Rounded down to a power of two.
  public var maximumSize: Int
  /// Bytes of header before the data of each request.
  public var headerByteCount: Int
  /// Bytes of status after the data of each request.
  public var statusByteCount: Int
  /// The most data segments of a request; fewer when the queue is too small for so many. Without INDIRECT each costs
  /// every slot a descriptor of the ring.
  public var maximumSegments: Int
  /// The most bytes of one data segment.
  public var maximumSegmentByteCount: UInt32

  /// Requests of one buffer without header and status, in a queue as large as the device offers.
  public init(
    maximumSize: Int = 32768, headerByteCount: Int = 0, statusByteCount: Int = 0, maximumSegments: Int = 1,
    maximumSegmentByteCount: UInt32 = .max
  ) {
    self.maximumSize = maximumSize
    self.headerByteCount = headerByteCount
    self.statusByteCount = statusByteCount
    self.maximumSegments = maximumSegments
    self.maximumSegmentByteCount = maximumSegmentByteCount
  }
}
