/// What a card says of the checksum of a datagram that came in.
public enum ChecksumWord: Equatable, Sendable {
  /// Nothing: the stack computes it.
  case none
  /// It is right: the card has computed it.
  case verified
  /// The sender, on the same machine, has left it to a card that did not have to finish it, as the frame was on no wire.
  /// The sum over everything from `start`, counted from the frame's beginning, was to be written at `start + offset`.
  case unfinished(start: Int, offset: Int)
}

/// How often the checksum of a datagram was judged in which way.
public struct ChecksumCounters: Equatable, Sendable {
  /// By the stack, which has computed it.
  public internal(set) var computed: UInt64 = 0
  /// By the card, which says that it is right.
  public internal(set) var verifiedByCard: UInt64 = 0
  /// Not at all, because it was not finished.
  public internal(set) var unfinished: UInt64 = 0
  /// Not at all, because the sender made none.
  public internal(set) var absent: UInt64 = 0
}
