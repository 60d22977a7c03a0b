/// Where the three areas of a split virtqueue lie in one contiguous piece of memory.
///
/// One piece serves both transports' generations: a modern device takes three addresses, a legacy one takes the first
/// page and computes the rest from `deviceAreaAlignment`.
///
/// SPEC: Basic Facilities of a Virtio Device / Split Virtqueues
public struct SplitLayout: Equatable, Sendable {
  /// Entries of the queue, a power of two.
  public let size: Int
  /// Descriptor table: 16 bytes an entry, written by the driver.
  public let descriptorOffset = 0
  /// Available ring: flags, index, entries of two bytes, used_event; written by the driver.
  public let driverAreaOffset: Int
  /// Used ring: flags, index, entries of eight bytes, avail_event; written by the device.
  public let deviceAreaOffset: Int
  /// Size of the whole.
  public let byteCount: Int

  /// The largest queue that a split ring can be.
  public static let maximumSize = 32768

  /// Lays out a ring.
  ///
  /// - Parameters:
  ///   - size: a power of two, 1 ... 32768.
  ///   - deviceAreaAlignment: 4096 for a legacy device (its QueueAlign); otherwise 64, so that the two sides write
  ///     different cache lines.
  public init(size: Int, deviceAreaAlignment: Int) {
    precondition(size > 0 && size <= Self.maximumSize && size & (size - 1) == 0, "queue size")
    precondition(deviceAreaAlignment >= 4 && deviceAreaAlignment & (deviceAreaAlignment - 1) == 0, "alignment")
    self.size = size
    driverAreaOffset = 16 * size
    // The event fields have their place whether EVENT_IDX is negotiated or not.
    let driverAreaEnd = driverAreaOffset + 6 + 2 * size
    deviceAreaOffset = (driverAreaEnd + deviceAreaAlignment - 1) & ~(deviceAreaAlignment - 1)
    let end = deviceAreaOffset + 6 + 8 * size
    // A legacy device may count on whole pages.
    // SPEC: Basic Facilities of a Virtio Device / Virtqueues / Legacy Interfaces: A Note on Virtqueue Layout
    byteCount =
      deviceAreaAlignment < 4096 ? end : (end + deviceAreaAlignment - 1) & ~(deviceAreaAlignment - 1)
  }
}
