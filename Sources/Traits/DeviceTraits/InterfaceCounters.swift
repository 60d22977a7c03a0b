/// What became of the frames of an interface since it was brought up.
///
/// Every frame is somewhere: `framesTaken == framesSent + framesUnsent + framesInFlight` on the way out, and
/// `buffersOffered == framesReceived + framesDropped + buffersReturned + buffersWaiting` on the way in, where each frame
/// fills one buffer.
public struct InterfaceCounters: Equatable, Sendable {
  // MARK: In

  /// Frames that were handed to the owner.
  public var framesReceived: UInt64 = 0
  /// Their bytes, from the destination address to the end of the data.
  public var bytesReceived: UInt64 = 0
  /// Frames that came in and were of no use, by reason. Reasons that did not occur are left out.
  public var drops: [FrameDrops] = []
  /// How often the interface got a buffer for a frame to come in.
  public var buffersOffered: UInt64 = 0
  /// Of those, how many came back empty, because the device was reset.
  public var buffersReturned: UInt64 = 0
  /// And how many wait for a frame now.
  public var buffersWaiting: UInt64 = 0

  // MARK: Out

  /// Frames that the interface took for sending.
  public var framesTaken: UInt64 = 0
  /// Their bytes.
  public var bytesTaken: UInt64 = 0
  /// Of those, how many have left.
  public var framesSent: UInt64 = 0
  /// How many have not, and came back because the device was reset.
  public var framesUnsent: UInt64 = 0
  /// And how many are on their way now.
  public var framesInFlight: UInt64 = 0
  /// Frames that it did not take, and gave back at once.
  public var framesRefused: UInt64 = 0

  /// Nothing happened yet.
  public init() {}

  /// Frames that came in and were of no use.
  public var framesDropped: UInt64 { drops.reduce(0) { $0 &+ $1.count } }

  /// Every frame is somewhere.
  public var addUp: Bool {
    framesTaken == framesSent &+ framesUnsent &+ framesInFlight
      && buffersOffered == framesReceived &+ framesDropped &+ buffersReturned &+ buffersWaiting
  }
}

/// How many frames were dropped for one reason.
public struct FrameDrops: Equatable, Sendable {
  /// The driver's words.
  public let reason: String
  /// How many.
  public let count: UInt64

  /// A reason, and how often it occurred.
  public init(reason: String, count: UInt64) {
    self.reason = reason
    self.count = count
  }
}
