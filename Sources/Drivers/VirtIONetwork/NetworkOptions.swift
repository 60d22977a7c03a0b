public import DevicePlatform
public import VirtIO

/// How a network card is brought up.
public struct NetworkOptions: Sendable {
  /// The most entries of each receive and transmit queue; the device may have fewer.
  public var queueSize: Int = 256
  /// The most pairs of queues. Above 1 the driver asks for several; the device may have fewer.
  public var pairs: Int = 1
  /// The most segments of a frame to send. nil: 16 with INDIRECT descriptors, where they cost memory only; 1 without.
  public var maximumSegments: Int? = nil
  /// Bytes of each receive buffer that the driver allocates. nil: one frame of the link's size with its header, and no
  /// more than 2048 where a frame may fill several buffers. Callers that give smaller ones of their own say so here: it
  /// decides how many of them a frame may fill.
  public var receiveBufferByteCount: Int? = nil
  /// How many receive buffers the driver allocates for each pair. nil: as many as the queue takes, within 2 MiB. 0: none,
  /// the caller gives its own.
  public var receiveBufferCount: Int? = nil
  /// What the device may do with the receive buffers that the driver allocates. `.bidirectional` for callers that send
  /// a received frame on in its buffer.
  public var receiveBufferDirection: DMADirection = .deviceWritable
  /// The card's address where the device has none of its own. nil: such a device is refused. See
  /// `MACAddress(localFrom:)` for one made of random bits.
  public var fallbackAddress: MACAddress? = nil
  /// Features that the driver may accept. The filter of VLANs is not among them at first: with it the device drops
  /// tagged frames until it is told which to pass. Take some out to see a device without them.
  public var features: FeatureSet = FeatureSet.Network.known.subtracting(FeatureSet.Network.vlanFilter)
  /// How long a reset may take.
  public var resetTimeout = TimeSpan.seconds(2)

  /// The usual.
  public init() {}

  /// Nothing but an address: no offloads, no filters, one buffer for each frame.
  public static var plain: NetworkOptions {
    var options = NetworkOptions()
    options.features = [.Network.macAddress]
    return options
  }
}
