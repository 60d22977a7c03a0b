internal import VirtIO

/// What a block device says about itself, checked.
@frozen
public struct BlockGeometry: Equatable, Sendable {
  /// The size in sectors of 512 bytes.
  public let sectorCount: UInt64
  /// The unit of reads and writes in bytes, a power of two from 512 to 1 MiB.
  public let blockByteCount: UInt32
  /// No writes.
  public let isReadOnly: Bool
  /// The most segments of a request, as the device wants it; nil when it does not say.
  public let segmentCountLimit: UInt32?
  /// The most bytes of a segment, as the device wants it; nil when it does not say.
  public let segmentSizeLimit: UInt32?

  /// Bytes in a sector: the unit in which the spec counts, whatever the block size.
  @inlinable public static var sectorByteCount: Int { 512 }

  /// The size in bytes.
  public var byteCount: UInt64 { sectorCount * UInt64(Self.sectorByteCount) }

  /// Where the fields are. SPEC: Device Types / Block Device / Device configuration layout
  private enum Offset {
    static let capacity = 0
    static let sizeMax = 8
    static let segMax = 12
    static let blockSize = 20
  }

  private struct Fields: Equatable {
    var capacity: UInt64
    var sizeMax: UInt32?
    var segMax: UInt32?
    var blockSize: UInt32?
  }

  /// Reads the configuration; a field only if its feature was negotiated.
  init<T: Transport & ~Copyable>(_ transport: borrowing T, features: FeatureSet) throws(ConfigurationError) {
    let hasSizeMax = features.contains(.Block.segmentSizeLimit)
    let hasSegMax = features.contains(.Block.segmentCountLimit)
    let hasBlockSize = features.contains(.Block.blockSize)
    let needed = hasBlockSize ? 24 : hasSegMax ? 16 : hasSizeMax ? 12 : 8
    let fields = try transport.readConfiguration(byteCount: needed) { transport in
      Fields(
        capacity: transport.readConfiguration64(at: Offset.capacity),
        sizeMax: hasSizeMax ? transport.readConfiguration32(at: Offset.sizeMax) : nil,
        segMax: hasSegMax ? transport.readConfiguration32(at: Offset.segMax) : nil,
        blockSize: hasBlockSize ? transport.readConfiguration32(at: Offset.blockSize) : nil)
    }
    guard fields.capacity <= UInt64.max / UInt64(Self.sectorByteCount) else {
      throw .invalid(field: ConfigurationField("capacity"), value: fields.capacity)
    }
    if fields.segMax == 0 { throw .invalid(field: ConfigurationField("seg_max"), value: 0) }
    let blockSize = fields.blockSize ?? UInt32(Self.sectorByteCount)
    guard blockSize >= 512, blockSize <= 1 << 20, blockSize & (blockSize - 1) == 0 else {
      throw .invalid(field: ConfigurationField("blk_size"), value: UInt64(blockSize))
    }
    sectorCount = fields.capacity
    blockByteCount = blockSize
    isReadOnly = features.contains(.Block.readOnly)
    segmentCountLimit = fields.segMax
    // QEMU's storage daemon offers the limit and says 0: it means none.
    segmentSizeLimit = fields.sizeMax == 0 ? nil : fields.sizeMax
  }
}
