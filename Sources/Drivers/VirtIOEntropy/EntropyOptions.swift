public import DevicePlatform
public import VirtIO

/// How an entropy source is brought up.
public struct EntropyOptions: Sendable {
  /// The most entries of the request queue; the device may have fewer.
  public var queueSize: Int = 64
  /// The most bytes of one request of the copying forms; larger wishes are split.
  public var chunkByteCount: Int = 4096
  /// Features that the driver may accept. Take some out to see a device without them.
  public var features: FeatureSet = [.indirectDescriptors, .eventIndex]
  /// How long a reset may take.
  public var resetTimeout = TimeSpan.seconds(2)

  /// The usual.
  public init() {}
}
