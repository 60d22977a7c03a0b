public import DevicePlatform
public import VirtIO

/// How a GPU is brought up.
public struct GPUOptions: Sendable {
  /// The most entries of each queue; the device may have fewer. With INDIRECT descriptors it is also the most commands
  /// under way, otherwise half of it.
  public var queueSize: Int = 16
  /// The most surfaces at a time.
  public var maximumSurfaces: Int = 32
  /// Features that the driver may accept. Take some out to see a device without them.
  public var features: FeatureSet = [.indirectDescriptors, .eventIndex, .GPU.edid]
  /// How long a reset may take.
  public var resetTimeout = TimeSpan.seconds(2)

  /// The usual.
  public init() {}
}
