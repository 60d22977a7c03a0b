public import VirtIO

/// A device in process: plays the device's side of split rings and of the registers, strictly, and misbehaves on
/// request.
///
/// It acts when a register is written, or when the test calls it; never by itself. What the driver does wrong is
/// recorded in `violations`, which a test expects to stay empty.
///
/// Registers are shown by a face: `ScriptedMMIORegisters` or `ScriptedPCIFunction`.
///
///     let heap = DeviceHeap()
///     let model = BlockModel(sectors: 64)
///     let device = model.makeDevice(heap: heap)
///     let transport = try MMIOTransport(
///       registers: ScriptedMMIORegisters(device: device), memory: TestMemory(heap: heap))
///     ...                                   // drive it
///     #expect(device.violations == [])
///     #expect(device.trace.text == "...")   // register by register
///
/// Unchecked: used by the one thread that runs the test, like the driver on the other side.
public final class ScriptedDevice: @unchecked Sendable {
  /// Answers one request.
  public typealias Handler = (ScriptedRequest, ScriptedDevice) -> ScriptedReply

  /// What it is.
  public let type: DeviceType
  /// A device of the drafts before version 1.
  public let isLegacy: Bool
  /// The memory that it reaches.
  public let heap: DeviceHeap
  /// Every register access, when switched on.
  public let trace = RegisterTrace()

  /// What the driver did wrong, in order.
  public internal(set) var violations: [String] = []
  /// How it misbehaves.
  public var hostility = Hostility()

  /// The features that it offers.
  public var offeredFeatures: FeatureSet
  /// The features that the driver accepted.
  public internal(set) var acceptedFeatures: FeatureSet = []
  /// What was accepted when DRIVER_OK was last set; a reset keeps it, for tests that look afterwards.
  public internal(set) var settledFeatures: FeatureSet = []
  /// The device status.
  public internal(set) var status: DeviceStatus = []
  /// Resets so far.
  public internal(set) var resetCount = 0

  /// The device-specific configuration.
  public internal(set) var configuration: [UInt8]
  /// Its generation.
  public internal(set) var generation: UInt32 = 0
  /// Access width for each offset where a field starts (4 for both halves of a 64-bit one); unchecked when nil.
  public var configurationFields: [Int: Int]?
  /// Bytes of the configuration that may be written in any state of the device.
  public var earlyWritableConfiguration: Range<Int> = 0..<0
  /// Called before each read of the configuration.
  public var onConfigurationRead: (() -> Void)?
  /// Called after the driver wrote bytes of the configuration, with their offsets.
  public var onConfigurationWrite: ((Range<Int>) -> Void)?

  /// The queues that were rung, in order.
  public internal(set) var notifications: [UInt16] = []
  /// Notifications that brought nothing new.
  public internal(set) var emptyNotificationCount = 0
  /// Interrupt causes that were not acknowledged: bit 0 used buffers, bit 1 configuration.
  public internal(set) var interruptStatus: UInt8 = 0
  /// Used buffer notifications that the device sent, acknowledged or not.
  public internal(set) var interruptCount = 0
  /// Called at each interrupt.
  public var onInterrupt: (() -> Void)?

  var queues: [ScriptedQueue]
  var selectors = Selectors()
  var progress = Progress()

  /// What the driver selected last; nil before it ever did.
  struct Selectors {
    var deviceFeatures: UInt32?
    var driverFeatures: UInt32?
    var queue: UInt32?
  }

  /// How far the driver has come, as far as the order of its steps matters.
  struct Progress {
    var lastFeatureWord: Int?
    var hasReadBackFeatures = false
    /// Status reads that still show the state before the reset; nil when the driver has seen 0.
    var resetReadsLeft: Int?
    var statusBeforeReset: DeviceStatus = []
    var pageSize: UInt32 = 0
  }

  /// A device that has just been switched on.
  ///
  /// - Parameters:
  ///   - type: what it is.
  ///   - features: what it offers; for a modern device VIRTIO_F_VERSION_1 is added, for a legacy one only the lowest
  ///     32 bits count.
  ///   - queueSizes: the largest size of each queue.
  ///   - configuration: its device-specific configuration.
  ///   - heap: the memory that it reaches.
  ///   - isLegacy: a device of the drafts before version 1.
  public init(
    type: DeviceType, features: FeatureSet = [], queueSizes: [UInt32], configuration: [UInt8] = [], heap: DeviceHeap,
    isLegacy: Bool = false
  ) {
    self.type = type
    self.isLegacy = isLegacy
    self.heap = heap
    offeredFeatures =
      isLegacy ? FeatureSet(rawValue: UInt128(features.word(0))) : features.union(.version1)
    self.configuration = configuration
    queues = queueSizes.map { ScriptedQueue(maximumSize: $0) }
  }

  /// Number of queues.
  public var queueCount: Int { queues.count }

  /// Brings the status to where an earlier driver, or firmware, left it.
  public func setStatus(_ status: DeviceStatus) { self.status = status }

  /// Records what the driver did wrong.
  public func record(_ violation: String) { violations.append(violation) }

  /// Forgets the violations so far, for a test that expected them.
  public func forgetViolations() { violations = [] }

  /// Gives up until the driver resets it.
  public func raiseNeedsReset() {
    let isLive = status.contains(.driverOK)
    status.insert(.deviceNeedsReset)
    if isLive { interrupt(cause: 2) }
  }

  /// Records what the driver did wrong, and gives up as a real device does.
  func fail(_ violation: String) {
    record(violation)
    raiseNeedsReset()
  }

  /// PCI: reading the interrupt status acknowledges it.
  func clearInterruptStatus() { interruptStatus = 0 }

  func interrupt(cause: UInt8) {
    interruptStatus |= cause
    if cause & 1 != 0 { interruptCount += 1 }
    onInterrupt?()
  }
}
