/// What a block request asks for.
///
/// SPEC: Device Types / Block Device / Device Operation
@frozen
public enum BlockRequest: UInt16, Sendable {
  /// The VirtIO constant is `VIRTIO_BLK_T_IN`.
  case read = 0
  /// The VirtIO constant is `VIRTIO_BLK_T_OUT`.
  case write = 1
  /// The VirtIO constant is `VIRTIO_BLK_T_FLUSH`.
  case flush = 4
  /// The VirtIO constant is `VIRTIO_BLK_T_GET_ID`.
  case identifier = 8

  /// The mark of this request when a blocking form makes it whose buffer, if any, is the driver's own. No request has it
  /// as its value.
  var ownTag: UInt16 { rawValue | 0x100 }

  /// Whether a mark is that of a blocking form's request; all others are requests' values.
  @inlinable static func isOwnTag(_ tag: UInt16) -> Bool { tag & 0x100 != 0 }

  /// The request that a mark stands for, which the driver itself has set.
  @inlinable init(mark: UInt16) { self = BlockRequest(rawValue: mark & 0xff) ?? .read }

  /// Header before the data: type (4 bytes), reserved (4), sector (8); the device reads it.
  @usableFromInline static let headerByteCount = 16
  /// Status after the data; the device writes it.
  static let statusByteCount = 1
  /// Length of a device's identifier, ended by a zero byte if shorter. The VirtIO constant is `VIRTIO_BLK_ID_BYTES`.
  public static let identifierByteCount = 20
}
