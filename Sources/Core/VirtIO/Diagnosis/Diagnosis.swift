internal import DevicePlatform

/// Why a device is silent: the first thing that is wrong, in the order in which things must be right.
///
/// Computed from what can be seen (`DeviceObservation`), or from the error that ended a bring-up.
public enum Diagnosis: Equatable, Sendable {
  /// Nothing is wrong: requests that were done, and requests that are with the device at the moment.
  case healthy(done: UInt64, underWay: Int)
  /// The device status reads as ones.
  case absent
  /// Nobody serves the device any more.
  case backEndGone
  /// The device speaks the drafts before version 1, and the driver version 1, or the other way round.
  case legacyDrivenAsModern
  /// The driver gave the device up: FAILED is set.
  case gaveUp(status: UInt8)
  /// The device has asked for a reset.
  case needsReset(status: UInt8)
  /// DRIVER_OK is not set: it was not brought up, or was reset since.
  case notLive(status: UInt8)
  /// The device broke the rules of a queue.
  case queueFault(queue: UInt16, QueueFault)
  /// A queue that the driver uses is not enabled at the device.
  case queueNotEnabled(queue: UInt16)
  /// A queue's memory lies where the device reaches none.
  case addressOutsideMemory(queue: UInt16, address: UInt64)
  /// Requests were submitted and never published: the device knows nothing of them.
  case neverPublished(queue: UInt16, count: Int)
  /// Requests were published, and the bell that the device waits for was never rung.
  case doorbellNeverRung(queue: UInt16, count: Int)
  /// Requests are done, and the interrupt that tells is masked.
  case interruptMasked(queue: UInt16, count: Int)
  /// Requests are done, and nobody has looked.
  case nobodyLooks(queue: UInt16, count: Int)
  /// Everything is as it should be on this side, and the device does nothing.
  case notServed(queue: UInt16, count: Int, notifications: UInt64)
  /// It could not be brought up, for another reason: the error's words.
  case notBroughtUp(String)

  /// Looks for the first thing that is wrong.
  ///
  /// - Parameters:
  ///   - device: what is seen now.
  ///   - earlier: what was seen some time before, long enough for any request. Without it, requests with the device count as
  ///     under way unless it has never finished one.
  public init(_ device: DeviceObservation, since earlier: DeviceObservation? = nil) {
    self = Self.ofDevice(device) ?? Self.ofQueues(device, earlier) ?? Self.health(device)
  }

  /// Why a bring-up failed.
  public init(_ error: BringupError) {
    switch error {
    case .deviceAbsent: self = .absent
    case .featuresMissing(let features) where features.contains(.version1): self = .legacyDrivenAsModern
    case .transport(.legacyRefused): self = .legacyDrivenAsModern
    case .transport(.queueNotEnabled(let index)): self = .queueNotEnabled(queue: index)
    case .transport(.queueAddressUnreachable(let index, let address, _)):
      self = .addressOutsideMemory(queue: index, address: address)
    default: self = .notBroughtUp(error.words)
    }
  }

  private static func ofDevice(_ device: DeviceObservation) -> Diagnosis? {
    let status = device.status
    if status.isAbsent { return .absent }
    if !device.isServed { return .backEndGone }
    if device.features.contains(.version1) == device.isLegacy { return .legacyDrivenAsModern }
    // One whose device is gone from behind its transport offers nothing any more, and has no status.
    if !device.isLegacy && !device.offered.contains(.version1) && status.rawValue != 0 { return .legacyDrivenAsModern }
    for queue in device.queues {
      if let fault = queue.state.fault { return .queueFault(queue: queue.state.index, fault) }
    }
    if status.contains(.failed) { return .gaveUp(status: status.rawValue) }
    if status.contains(.deviceNeedsReset) { return .needsReset(status: status.rawValue) }
    if !status.contains(.driverOK) { return .notLive(status: status.rawValue) }
    return nil
  }

  private static func ofQueues(_ device: DeviceObservation, _ earlier: DeviceObservation?) -> Diagnosis? {
    for queue in device.queues where queue.isEnabled == false { return .queueNotEnabled(queue: queue.state.index) }
    if !device.reachableMemory.isEmpty {
      for queue in device.queues {
        let areas = queue.state.areas
        for address in [areas.descriptors.rawValue, areas.driver.rawValue, areas.device.rawValue]
        where !device.reachableMemory.contains(where: { $0.contains(address) }) {
          return .addressOutsideMemory(queue: queue.state.index, address: address)
        }
      }
    }
    for queue in device.queues {
      let before = earlier?.queues.first { $0.state.index == queue.state.index }
      if let problem = ofRequests(queue, before, device.interrupts) { return problem }
    }
    return nil
  }

  private static func ofRequests(
    _ queue: QueueObservation, _ earlier: QueueObservation?, _ interrupts: InterruptObservation?
  ) -> Diagnosis? {
    let state = queue.state
    if queue.untaken > 0 {
      let count = Int(queue.untaken)
      if let interrupts, interrupts.isMasked { return .interruptMasked(queue: state.index, count: count) }
      if queue.purpose == .requests { return .nobodyLooks(queue: state.index, count: count) }
    }
    if queue.unpublished > 0 { return .neverPublished(queue: state.index, count: Int(queue.unpublished)) }
    if queue.unanswered > 0 {
      let count = Int(queue.unanswered)
      if state.counters.notifications == 0, !queue.isBellSuppressed {
        return .doorbellNeverRung(queue: state.index, count: count)
      }
      let hasMoved = earlier.map { $0.deviceUsedIndex != queue.deviceUsedIndex } ?? (queue.deviceUsedIndex != 0)
      if queue.purpose == .requests, !hasMoved {
        return .notServed(queue: state.index, count: count, notifications: state.counters.notifications)
      }
    }
    return nil
  }

  private static func health(_ device: DeviceObservation) -> Diagnosis {
    var done: UInt64 = 0
    var underWay = 0
    for queue in device.queues {
      done &+= UInt64(queue.state.usedIndex)
      underWay += queue.state.inFlight
    }
    return .healthy(done: done, underWay: underWay)
  }
}
