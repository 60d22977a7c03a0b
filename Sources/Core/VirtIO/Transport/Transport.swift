public import DevicePlatform

/// One device's registers, as the spec's transports show them: MMIO, PCI, or anything that can tell the same.
///
/// A transport knows no device type and keeps no state of the driver; bring-up, negotiation and configuration reads are
/// written once, above it. All operations are single register accesses, none waits.
public protocol Transport: ~Copyable {
  /// The memory that queues of this device are made of.
  associatedtype Memory: DMAMemory
  /// What rings one queue's bell.
  associatedtype Bell: Doorbell

  /// What reads and acknowledges this device's interrupts.
  associatedtype Interrupts: InterruptSource = NoInterruptSource

  /// What reads and acknowledges the device's interrupt line. May be made at any time, and used on any CPU.
  func makeInterruptSource() -> Interrupts

  /// Where this device's rings and buffers come from.
  var memory: Memory { get }
  /// Which device this is: made once for each transport.
  var identity: DeviceIdentity { get }
  /// What the device is.
  var deviceType: DeviceType { get }
  /// True for a device that follows the drafts before version 1: 32 feature bits, no FEATURES_OK, one page number per
  /// queue, no configuration generation.
  var isLegacy: Bool { get }
  /// Where the device is, in the words of its bus; for logs only.
  var location: String { get }

  /// Reads the device status.
  func readStatus() -> DeviceStatus
  /// Writes the device status; zero resets the device.
  func writeStatus(_ status: DeviceStatus)

  /// How many 32-bit words of features the device can tell apart: 1 (legacy), 2 or 4.
  var featureWordCount: Int { get }
  /// Reads word `index` of the features that the device offers.
  func readDeviceFeatures(word index: Int) -> UInt32
  /// Writes word `index` of the features that the driver accepts.
  func writeDriverFeatures(_ value: UInt32, word index: Int)

  /// Tells a legacy device the page size that queue addresses are counted in. Nothing on other transports.
  func prepareQueues()
  /// The largest size of a queue; 0 when there is no such queue. A raw value from the device.
  func maximumSize(ofQueue index: UInt16) -> UInt32
  /// What a queue's memory must look like for this transport.
  var ringRequirements: RingRequirements { get }
  /// Tells the device where a queue is, and enables it.
  func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError)
  /// Whether the device says that a queue is enabled; nil when it cannot tell. To look at: what was configured is enabled.
  func isEnabled(queue index: UInt16) -> Bool?
  /// What rings the bell of a queue that is configured, with everything computed beforehand.
  func makeDoorbell(queue index: UInt16) throws(TransportError) -> Bell

  /// The size of the device-specific configuration, as far as the transport knows.
  var configurationByteCount: Int { get }
  /// A number that changes whenever the configuration does; the same for ever on a legacy device.
  func readConfigurationGeneration() -> UInt32
  /// Reads one byte of the configuration. Offsets are below `configurationByteCount` and aligned to the width.
  func readConfiguration8(at offset: Int) -> UInt8
  /// Reads two bytes of the configuration.
  func readConfiguration16(at offset: Int) -> UInt16
  /// Reads four bytes of the configuration.
  func readConfiguration32(at offset: Int) -> UInt32
  /// Writes one byte of the configuration.
  func writeConfiguration8(_ value: UInt8, at offset: Int)
  /// Writes two bytes of the configuration.
  func writeConfiguration16(_ value: UInt16, at offset: Int)
  /// Writes four bytes of the configuration.
  func writeConfiguration32(_ value: UInt32, at offset: Int)
}

extension Transport where Self: ~Copyable, Interrupts == NoInterruptSource {
  /// For a transport without interrupts.
  public func makeInterruptSource() -> NoInterruptSource { NoInterruptSource() }
}

extension Transport where Self: ~Copyable {
  /// For a transport that cannot ask.
  public func isEnabled(queue index: UInt16) -> Bool? { nil }
}

/// What a transport demands of a queue's memory.
public struct RingRequirements: Equatable, Sendable {
  /// Alignment of the whole, in bytes.
  public var alignment: Int
  /// Alignment of the device area behind the driver area, in bytes.
  public var deviceAreaAlignment: Int
  /// The highest address that a ring's first byte can have.
  public var highestAddress: UInt64
  /// What the device's word on a queue's size means.
  public var sizeRule = QueueSizeRule.limit

  /// Three free addresses of 64 bits; the two sides on cache lines of their own.
  public static let modern = RingRequirements(alignment: 64, deviceAreaAlignment: 64, highestAddress: .max)
  /// One page number of 32 bits.
  public static let legacy = RingRequirements(
    alignment: 4096, deviceAreaAlignment: 4096, highestAddress: UInt64(UInt32.max) << 12)
}

/// What `maximumSize(ofQueue:)` of a transport means.
public enum QueueSizeRule: Equatable, Sendable {
  /// The most entries that the device can work with; the driver chooses any size up to that.
  case limit
  /// The same, and the device must name a power of two.
  case powerOfTwoLimit
  /// The one size that the queue has, a power of two.
  case fixed
}

/// Where the device finds a queue.
public struct QueueAreas: Equatable, Sendable {
  /// Descriptor area: descriptor table, or packed ring.
  public var descriptors: DeviceAddress
  /// Driver area: available ring, or driver events.
  public var driver: DeviceAddress
  /// Device area: used ring, or device events.
  public var device: DeviceAddress

  /// Three addresses as the device sees them.
  public init(descriptors: DeviceAddress, driver: DeviceAddress, device: DeviceAddress) {
    self.descriptors = descriptors
    self.driver = driver
    self.device = device
  }
}

/// Rings one queue's bell: the available buffer notification.
///
/// SPEC: Basic Facilities of a Virtio Device / Notifications
public protocol Doorbell: Sendable {
  /// Tells the device that the queue has new buffers: a barrier between memory and registers, then exactly one register
  /// store, at an address and with a value that were computed at set-up.
  func ring()
}

/// A doorbell that is a register.
@frozen
public struct RegisterDoorbell<Registers: RegisterAccess>: Doorbell {
  @usableFromInline let registers: Registers
  @usableFromInline let value: UInt32
  @usableFromInline let isWide: Bool

  /// A bell at the start of a window of 2 or 4 bytes.
  ///
  /// - Parameters:
  ///   - window: the notification register and nothing else.
  ///   - value: what to store.
  ///   - isWide: 4 bytes instead of 2.
  public init(window: Registers, value: UInt32, isWide: Bool) {
    precondition(window.byteCount >= (isWide ? 4 : 2), "doorbell window")
    registers = window
    self.value = value
    self.isWide = isWide
  }

  /// Barrier and store.
  @inlinable @inline(__always)
  public func ring() {
    Barrier.doorbell()
    if isWide { registers.store32(value, at: 0) } else { registers.store16(UInt16(truncatingIfNeeded: value), at: 0) }
  }
}
