/// What is known of a frame's transport checksum: that of TCP or UDP.
///
/// A finished checksum that somebody vouches for and one that was never finished are two things. Whoever only uses the
/// frame may take both; whoever sends it on has to have the second finished, which `NetworkDevice.send` does.
public enum FrameChecksum: Equatable, Sendable {
  /// Nothing. Of a received frame nobody has looked at it; of a frame to send it is as the sender wrote it.
  case unknown
  /// The interface has looked at it, and it is right.
  case verified
  /// It is not finished: the field at `start + offset` holds the sum of the pseudo header, and the checksum over
  /// everything from `start` to the frame's end belongs there. A received frame with one comes from a sender on the same
  /// machine, and was on no wire that could have damaged it. Both count bytes, `start` from the frame's beginning.
  case unfinished(start: UInt16, offset: UInt16)
}
