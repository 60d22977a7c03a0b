public import DevicePlatform
public import VirtIO

/// How a block device is brought up.
public struct BlockOptions: Sendable {
  /// The most entries of the request queue; the device may have fewer.
  public var queueSize: Int = 256
  /// The most data segments of one request. nil: 14 with INDIRECT descriptors, where they cost memory only; 1 without,
  /// where each of them takes a descriptor from every slot. Never more than the device's own limit.
  public var maximumSegments: Int? = nil
  /// Features that the driver may accept. Take some out to see a device without them.
  public var features: FeatureSet = [
    .indirectDescriptors, .eventIndex, .Block.segmentSizeLimit, .Block.segmentCountLimit, .Block.readOnly,
    .Block.blockSize, .Block.flush,
  ]
  /// How long a reset may take.
  public var resetTimeout = TimeSpan.seconds(2)

  /// The usual.
  public init() {}
}
