/// Why received frames were dropped, counted. The buffers of a dropped frame go back to the device.
@frozen
public struct DropCounters: Equatable, Sendable {
  /// Shorter than the header in front of the frame.
  public var withoutHeader: UInt64 = 0
  /// Shorter than an Ethernet header.
  public var short: UInt64 = 0
  /// Spread over more buffers than the device used, or over none.
  public var missingBuffers: UInt64 = 0
  /// Spread over several buffers of which one in the middle is not full.
  public var gaps: UInt64 = 0
  /// Spread over more buffers than any frame of the link fills.
  public var tooLong: UInt64 = 0
  /// Spread over several buffers while the caller kept as many such frames as there are lists for.
  public var withoutList: UInt64 = 0
  /// A partial checksum that lies outside the frame.
  public var checksumOutside: UInt64 = 0
  /// Packets that the device merged, or other offloads that were not agreed on.
  public var notAgreed: UInt64 = 0

  /// Nothing dropped.
  public init() {}

  /// All of them.
  public var total: UInt64 {
    withoutHeader + short + missingBuffers + gaps + tooLong + withoutList + checksumOutside + notAgreed
  }

  /// Each reason in words, in the order in which they stand here.
  public var byReason: [(reason: String, count: UInt64)] {
    [
      ("shorter than the device's header", withoutHeader), ("shorter than an Ethernet header", short),
      ("buffers missing", missingBuffers), ("a gap between buffers", gaps), ("longer than any frame", tooLong),
      ("no list left for its buffers", withoutList), ("a checksum outside the frame", checksumOutside),
      ("an offload that was not agreed on", notAgreed),
    ]
  }
}

/// What a pair's receive queue counted.
///
/// Buffers add up: `buffersGiven == buffersDelivered + buffersDropped + buffersReturned` and those with the device.
@frozen
public struct ReceiveCounters: Equatable, Sendable {
  /// Frames that were handed to the caller.
  public var frames: UInt64 = 0
  /// Their bytes, headers not counted.
  public var bytes: UInt64 = 0
  /// Frames that were not.
  public var drops = DropCounters()
  /// Buffers that the queue took, again and again.
  public var buffersGiven: UInt64 = 0
  /// Buffers that were handed to the caller with frames.
  public var buffersDelivered: UInt64 = 0
  /// Buffers of dropped frames.
  public var buffersDropped: UInt64 = 0
  /// Buffers that the device did not use before its reset, handed to the caller.
  public var buffersReturned: UInt64 = 0

  /// Nothing counted.
  public init() {}
}

/// What a pair's transmit queue counted.
///
/// Frames add up: `accepted == sent + returned` and those in flight.
@frozen
public struct TransmitCounters: Equatable, Sendable {
  /// Frames that the queue took.
  public var accepted: UInt64 = 0
  /// Their bytes, headers not counted.
  public var bytes: UInt64 = 0
  /// Frames that the device gave back as sent.
  public var sent: UInt64 = 0
  /// Frames that it did not give back before its reset.
  public var returned: UInt64 = 0
  /// Frames that were refused and handed back at once.
  public var refused: UInt64 = 0
  /// Checksums that the driver completed because the device does not.
  public var checksumsCompleted: UInt64 = 0

  /// Nothing counted.
  public init() {}
}
