public import DevicePlatform

/// How a vhost-user back-end is used.
public struct VhostUserOptions: Sendable {
  /// How long the back-end may take for one message, and for finishing requests when the device is reset.
  public var timeout = TimeSpan.seconds(5)
  /// How much memory is shared with the back-end, in bytes. Pages that nobody uses cost nothing.
  public var memoryByteCount = 256 << 20
  /// In how many files that memory lies, 1 to 8: an ordinary user needs one.
  public var memoryRegionCount = 1
  /// The most entries of a queue: a vhost-user back-end does not say what it can do.
  public var queueSize: UInt16 = 1024
  /// How the back-end may tell of used buffers.
  public var interrupts = Interrupts.awaited
  /// What a GPU shows its pictures on; for a GPU only. Without it a GPU's back-end has no scanouts.
  public var display: VhostUserDisplay?
  /// What of the protocol may be used. Take some out to see a back-end without them.
  public var protocolFeatures = ProtocolFeatures.implemented
  /// Gets a line for each message, each notification and each change of a ring. Called from whoever uses the device.
  public var trace: (@Sendable (String) -> Void)?

  /// What becomes of a back-end's interrupts.
  public enum Interrupts: Sendable {
    /// A waiter sleeps until one comes.
    case awaited
    /// They go nowhere: a waiter only looks. For a processor that has nothing else to do.
    case ignored
    /// The back-end is told that it has none. Those that are built on libvhost-user as of QEMU 7.2 give up when they use
    /// a buffer all the same.
    case none
  }

  /// The usual.
  public init() {}
}
