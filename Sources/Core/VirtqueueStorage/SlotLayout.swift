/// What each request of a queue looks like: how many descriptors it may need, and the block of shared memory that
/// belongs to its slot.
///
/// A block holds the request's header (read by the device), its status (written by the device) and, with INDIRECT
/// descriptors, its table. It is allocated once for the queue's life, so that a request owns nothing but its data.
public struct SlotLayout: Equatable, Sendable {
  /// Bytes before the data that the device reads; 0 when requests have no header.
  public let headerByteCount: Int
  /// Bytes after the data that the device writes; 0 when requests have no status.
  public let statusByteCount: Int
  /// The most data segments that a request may have.
  public let maximumSegments: Int
  /// Whether chains of several descriptors live in the block instead of the ring.
  public let isIndirect: Bool

  /// Descriptors of the longest chain.
  public let chainLength: Int
  /// Ring descriptors that each slot owns.
  public let stride: Int
  /// Where in the block the status begins.
  public let statusOffset: Int
  /// Where in the block the table begins.
  public let tableOffset: Int
  /// Size of a block; 0 when there is nothing to hold.
  public let blockByteCount: Int

  /// Computes the layout.
  ///
  /// - Parameters:
  ///   - headerByteCount: 0 ... 4096.
  ///   - statusByteCount: 0 ... 4096.
  ///   - maximumSegments: 1 or more.
  ///   - isIndirect: VIRTIO_F_INDIRECT_DESC was negotiated.
  public init(headerByteCount: Int, statusByteCount: Int, maximumSegments: Int, isIndirect: Bool) {
    precondition(0...4096 ~= headerByteCount && 0...4096 ~= statusByteCount && maximumSegments >= 1, "slot layout")
    self.headerByteCount = headerByteCount
    self.statusByteCount = statusByteCount
    self.maximumSegments = maximumSegments
    chainLength = maximumSegments + (headerByteCount > 0 ? 1 : 0) + (statusByteCount > 0 ? 1 : 0)
    // A chain of one needs no table.
    self.isIndirect = isIndirect && chainLength > 1
    stride = self.isIndirect ? 1 : chainLength
    let up = { (value: Int, unit: Int) in (value + unit - 1) & ~(unit - 1) }
    statusOffset = up(headerByteCount, 16)
    // The table starts a line of its own: the device reads it while it may still write an earlier status.
    let end = statusOffset + up(statusByteCount, 16)
    tableOffset = self.isIndirect ? up(end, 64) : end
    blockByteCount = self.isIndirect ? up(tableOffset + 16 * chainLength, 64) : end
  }

  /// How many requests a ring of `size` entries carries at a time.
  public func slotCount(ringSize size: Int) -> Int { size / stride }
}
