public import DevicePlatform
public import VirtIO

/// How a console is brought up.
public struct ConsoleOptions: Sendable {
  /// The most entries of each queue; the device may have fewer, and one of a single size may not have more.
  public var queueSize: Int = 128
  /// The most ports that are used; the device may have fewer. Each has two queues, set up from the start. Ports with
  /// higher numbers are declined when the device adds them.
  public var maximumPorts: Int = 8
  /// How many control messages of the device can wait. A device may drop those beyond.
  public var controlBufferCount: Int = 32
  /// The most bytes of a control message: 8, and a port's name.
  public var controlByteCount: Int = 264
  /// The most bytes of one request of the copying forms; larger wishes are split.
  public var chunkByteCount: Int = 4096
  /// Features that the driver may accept. Take some out to see a device without them.
  public var features: FeatureSet = [
    .indirectDescriptors, .eventIndex, .Console.size, .Console.multiport, .Console.emergencyWrite,
  ]
  /// How long a reset may take.
  public var resetTimeout = TimeSpan.seconds(2)

  /// The usual.
  public init() {}
}
