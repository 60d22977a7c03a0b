/// All that can be seen of a device and of its driver at one moment, without changing anything: what `Diagnosis` goes by.
public struct DeviceObservation: Equatable, Sendable {
  /// What it is.
  public var type: DeviceType
  /// Where it is, in the words of its bus.
  public var location: String
  /// True when its transport takes it for a device from before version 1.
  public var isLegacy: Bool
  /// What the device status says.
  public var status: DeviceStatus
  /// What the device offers.
  public var offered: FeatureSet
  /// What was negotiated.
  public var features: FeatureSet
  /// Its queues.
  public var queues: [QueueObservation]
  /// Its interrupts, as far as the platform tells; nil when it is polled, or nobody knows.
  public var interrupts: InterruptObservation?
  /// Where memory is that the device can reach, if the platform tells; empty when it does not.
  public var reachableMemory: [ClosedRange<UInt64>] = []
  /// False when the platform knows that nobody serves the device any more: the other end of its socket is closed.
  public var isServed = true

  /// Looks at a device.
  ///
  /// - Parameters:
  ///   - transport: its registers; a few are read, none is written but selectors.
  ///   - features: what was negotiated.
  ///   - queues: its queues.
  public init<T: Transport & ~Copyable>(_ transport: borrowing T, features: FeatureSet, queues: [QueueObservation]) {
    type = transport.deviceType
    location = transport.location
    isLegacy = transport.isLegacy
    status = transport.readStatus()
    offered = transport.readDeviceFeatures()
    self.features = features
    self.queues = queues
    for index in queues.indices {
      self.queues[index].isEnabled = transport.isEnabled(queue: queues[index].state.index)
    }
  }
}

/// What can be seen of one queue.
public struct QueueObservation: Equatable, Sendable {
  /// What a queue's requests wait for.
  public enum Purpose: Equatable, Sendable {
    /// For the device: it owes an answer to each.
    case requests
    /// For something to come in, which may never happen.
    case input
  }

  /// The driver's account of it.
  public var state: QueueState
  /// What its requests wait for.
  public var purpose: Purpose
  /// What was submitted so far, published or not, modulo 65 536.
  public var submittedIndex: UInt16
  /// Used index as the device has written it, modulo 65 536: the device's word, good for looking at only.
  public var deviceUsedIndex: UInt16
  /// Who asks to be left alone at the moment.
  public var suppression: QueueSuppression
  /// What the device says; nil when it cannot tell.
  public var isEnabled: Bool?

  /// A queue at this moment.
  public init<T: Transport & ~Copyable>(_ queue: borrowing Virtqueue<T>, _ purpose: Purpose = .requests) {
    state = QueueState(queue)
    self.purpose = purpose
    submittedIndex = queue.submittedIndex
    deviceUsedIndex = queue.deviceUsedIndex
    suppression = queue.suppression
  }

  /// Requests that the device was not shown.
  var unpublished: UInt16 { submittedIndex &- state.availableIndex }
  /// Requests that the device has finished, by its own word, and the driver has not taken.
  var untaken: UInt16 { deviceUsedIndex &- state.usedIndex }
  /// Requests that the device was shown and has not finished.
  var unanswered: UInt16 { state.availableIndex &- deviceUsedIndex }
  /// True when the device wants no bell for what it was shown last.
  var isBellSuppressed: Bool {
    switch suppression {
    case .flags(_, let device): device
    // It wants one for an index that the driver has not reached.
    case .events(_, let available): available &- deviceUsedIndex >= unanswered
    }
  }
}

/// What a platform knows of a device's interrupts.
public struct InterruptObservation: Equatable, Sendable {
  /// They cannot arrive: masked at the controller or at the device.
  public var isMasked: Bool
  /// How many arrived and told something.
  public var count: UInt
  /// How many told nothing.
  public var spuriousCount: UInt

  /// Interrupts at one moment.
  public init(isMasked: Bool, count: UInt, spuriousCount: UInt) {
    self.isMasked = isMasked
    self.count = count
    self.spuriousCount = spuriousCount
  }
}
