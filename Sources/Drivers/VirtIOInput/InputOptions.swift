public import DevicePlatform
public import VirtIO

/// How an input device is brought up.
public struct InputOptions: Sendable {
  /// The most entries of each queue; the device may have fewer. As many events can wait.
  public var queueSize: Int = 64
  /// Frames of motion that wait are put together into one.
  public var joinsMotion = true
  /// Features that the driver may accept. Take some out to see a device without them.
  public var features: FeatureSet = [.indirectDescriptors, .eventIndex]
  /// How long a reset may take.
  public var resetTimeout = TimeSpan.seconds(2)

  /// The usual.
  public init() {}
}
