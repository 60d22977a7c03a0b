/// What a driver wants of one of its queues.
public struct QueueOptions: Sendable {
  /// The most entries; the device's own limit and this one decide. Rounded down to a power of two. A device whose queue
  /// has one size only (legacy PCI) is refused if that is above both this limit and `largestFixedSize`.
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

  /// The most entries of a queue whose size nobody can choose that are taken without being asked for: its tables, and with
  /// them what the heap must have, grow with it.
  public static let largestFixedSize = 1024

  /// Requests of one buffer without header and status.
  public init(
    maximumSize: Int = 1024, headerByteCount: Int = 0, statusByteCount: Int = 0, maximumSegments: Int = 1,
    maximumSegmentByteCount: UInt32 = .max
  ) {
    self.maximumSize = maximumSize
    self.headerByteCount = headerByteCount
    self.statusByteCount = statusByteCount
    self.maximumSegments = maximumSegments
    self.maximumSegmentByteCount = maximumSegmentByteCount
  }
}
