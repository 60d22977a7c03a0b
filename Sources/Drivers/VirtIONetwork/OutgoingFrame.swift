public import DevicePlatform
internal import VirtIO

/// A frame on its way out: bytes of a buffer, from the destination address to the end of the data.
@frozen
public struct OutgoingFrame: ~Copyable, Sendable {
  @usableFromInline var buffer: DMABuffer
  /// Where in the buffer it begins.
  public let offset: Int
  /// How long it is.
  public let byteCount: Int
  // The header's first eight bytes and the next two: flags, GSO fields and csum_start; csum_offset.
  @usableFromInline var head: UInt64
  @usableFromInline var checksumOffset: UInt16

  /// A frame that needs nothing more.
  @inlinable @inline(__always)
  public init(_ buffer: consuming DMABuffer, from offset: Int = 0, byteCount: Int) {
    self.buffer = buffer
    self.offset = offset
    self.byteCount = byteCount
    head = 0
    checksumOffset = 0
  }

  /// A frame whose checksum is to be completed: by the device, or by the driver if the device does not.
  @inlinable
  public init(_ buffer: consuming DMABuffer, from offset: Int = 0, byteCount: Int, partial: PartialChecksum) {
    self.buffer = buffer
    self.offset = offset
    self.byteCount = byteCount
    head = FrameHeader.head(partial)
    checksumOffset = partial.offset
  }

  /// The checksum that is to be completed.
  @inlinable public var partialChecksum: PartialChecksum? { FrameHeader.partial(head, checksumOffset) }

  /// The buffer.
  @inlinable @inline(__always)
  public consuming func takeBuffer() -> DMABuffer { buffer }
}

/// The header in front of every frame, as numbers.
///
/// SPEC: Device Types / Network Device / Device Operation
@usableFromInline
enum FrameHeader {
  /// The checksum is partial. The VirtIO constant is `VIRTIO_NET_HDR_F_NEEDS_CSUM`.
  @inlinable static var needsChecksum: UInt8 { 1 }
  /// The device has verified the checksum. The VirtIO constant is `VIRTIO_NET_HDR_F_DATA_VALID`.
  @inlinable static var dataValid: UInt8 { 2 }
  /// csum_start and csum_offset mean something else. The VirtIO constant is `VIRTIO_NET_HDR_F_RSC_INFO`.
  static var coalescingInfo: UInt8 { 4 }
  /// The outer checksum of a tunnel is partial, too. The VirtIO constant is `VIRTIO_NET_HDR_F_UDP_TUNNEL_CSUM`.
  static var tunnelChecksum: UInt8 { 8 }

  /// flags, gso_type NONE, hdr_len, gso_size, csum_start.
  @inlinable @inline(__always)
  static func head(_ partial: PartialChecksum) -> UInt64 { UInt64(needsChecksum) | UInt64(partial.start) &<< 48 }

  @inlinable
  static func partial(_ head: UInt64, _ offset: UInt16) -> PartialChecksum? {
    if UInt8(truncatingIfNeeded: head) & needsChecksum == 0 { return nil }
    return PartialChecksum(start: UInt16(truncatingIfNeeded: head &>> 48), offset: offset)
  }
}
