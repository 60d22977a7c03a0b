/// Where the checksum of a frame is still to be completed. The field at `start + offset` holds the sum of the pseudo
/// header; the checksum over everything from `start` to the frame's end belongs there.
///
/// A frame with one is not damaged, only unfinished: complete it, or pass it on to a device that does.
@frozen
public struct PartialChecksum: Equatable, Sendable {
  /// The first byte that is summed, counted from the frame's beginning: the transport header.
  public let start: UInt16
  /// Where the checksum goes, counted from `start`.
  public let offset: UInt16

  /// A checksum over everything from `start` on, at `offset` behind it: 16 for TCP, 6 for UDP.
  @inlinable
  public init(start: UInt16, offset: UInt16) {
    self.start = start
    self.offset = offset
  }

  /// The frame has both bytes of the checksum.
  @inlinable
  public func fits(frameByteCount: Int) -> Bool { Int(start) + Int(offset) + 2 <= frameByteCount }

  /// Where the checksum goes, counted from the frame's beginning.
  @inlinable var position: Int { Int(start) + Int(offset) }
}
