internal import VirtIO

/// What frames look like on a card's queues: follows from the negotiated features, and never changes.
@frozen
public struct FrameLayout: Equatable, Sendable {
  /// Bytes of header before each frame: 12, but 10 on a legacy device that does not merge buffers.
  public let headerByteCount: Int
  /// The largest frame to send, in bytes: the link's largest packet and its Ethernet header. A frame with a VLAN tag may
  /// be four bytes longer.
  public let maximumFrameByteCount: Int
  /// A received frame may fill several buffers.
  public let mergesBuffers: Bool
  /// The device completes partial checksums of frames that it sends.
  public let deviceCompletesChecksums: Bool
  /// The device may say something about the checksum of received frames.
  @usableFromInline let hasReceiveChecksum: Bool

  /// Destination, source, type.
  @inlinable public static var ethernetHeaderByteCount: Int { 14 }
  /// A VLAN tag behind the addresses.
  @inlinable static var tagByteCount: Int { 4 }

  init(_ features: FeatureSet, isLegacy: Bool, mtu: Int) {
    mergesBuffers = features.contains(.Network.mergeableBuffers)
    // A legacy driver has `num_buffers` only with merged buffers.
    // SPEC: Device Types / Network Device / Device Operation / Legacy Interface: Device Operation
    // SPEC: drivernormative:Device Types / Network Device / Device Operation / Setting Up Receive Buffers
    headerByteCount = isLegacy && !mergesBuffers ? 10 : 12
    maximumFrameByteCount = mtu + Self.ethernetHeaderByteCount
    deviceCompletesChecksums = features.contains(.Network.checksum)
    hasReceiveChecksum = features.contains(.Network.receiveChecksum)
  }

  /// Bytes that a buffer must have to hold any frame of the link with its header, VLAN tag included: at least 1526.
  ///
  /// SPEC: drivernormative:Device Types / Network Device / Device Operation / Setting Up Receive Buffers
  public var fullBufferByteCount: Int {
    headerByteCount + max(maximumFrameByteCount, 1514) + Self.tagByteCount
  }

  /// Bytes that a receive buffer must have at least.
  @inlinable public var smallestBufferByteCount: Int { mergesBuffers ? headerByteCount : fullBufferWithoutTag }
  @usableFromInline var fullBufferWithoutTag: Int { fullBufferByteCount - Self.tagByteCount }
}
