public import DevicePlatform

extension Transport where Self: ~Copyable {
  /// Brings the device up: the spec's eight steps, with a deadline on every wait, and FAILED on every way out but the
  /// last.
  ///
  /// - Parameters:
  ///   - type: the driver's device type.
  ///   - features: what the driver wants.
  ///   - waiter: waits for the reset.
  ///   - timeout: how long the reset may take.
  ///   - configure: step 7, the driver's own: reads the configuration, sets queues up, and returns what the driver
  ///     keeps. It must not notify the device.
  /// - Returns: what `configure` returned. The device is live.
  ///
  /// SPEC: drivernormative:General Initialization And Device Operation / Device Initialization
  @inlinable @inline(__always)
  public mutating func bringUp<W: Waiter & ~Copyable, Parts: ~Copyable>(
    as type: DeviceType, features: DriverFeatures, waiter: inout W, timeout: TimeSpan,
    configure: (inout Self, FeatureSet) throws(BringupError) -> Parts
  ) throws(BringupError) -> Parts {
    // Inlined, so that `parts` is dropped by code that knows its type when step 8 fails: optimised generic code drops a
    // noncopyable value of unknown layout without its `deinit` (Swift 6.3), which would free queues that the device has.
    guard deviceType == type else { throw .wrongDeviceType(found: deviceType, expected: type) }
    do throws(BringupError) {
      // 1. Reset the device.
      try reset(waiter: &waiter, timeout: timeout)

      // 2. Notice the device.  3. Know how to drive it.
      addStatus(.acknowledge)
      addStatus(.driver)

      // 4. Read the feature bits and accept a subset.
      let (accepted, left) = try negotiate(features)

      // 5. and 6. Settle the features, and see whether the device agrees. A legacy device knows neither step.
      if !isLegacy {
        addStatus(.featuresOK)
        guard readStatus().contains(.featuresOK) else { throw .featuresRefused(accepted: accepted, left: left) }
      }

      // 7. Device-specific set-up, queues included.
      prepareQueues()
      let parts = try configure(&self, accepted)

      // 8. Go live, unless the device failed in the meantime.
      let status = readStatus()
      guard status.isDisjoint(with: [.deviceNeedsReset, .failed]) else {
        throw .deviceFailed(status: status.rawValue)
      }
      Barrier.doorbell()
      addStatus(.driverOK)
      return parts
    } catch {
      addStatus(.failed)
      throw error
    }
  }

  /// Adds to the status, never taking a bit away: only a reset does that.
  ///
  /// SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Status Field
  @inlinable
  public func addStatus(_ status: DeviceStatus) { writeStatus(readStatus().union(status)) }

  /// Resets the device and waits until it says that it is done.
  ///
  /// - Returns: what the device's queues want to see before they give up their buffers.
  ///
  /// SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Reset
  @discardableResult
  public func reset<W: Waiter & ~Copyable>(
    waiter: inout W, timeout: TimeSpan
  ) throws(BringupError) -> DeviceReset {
    writeStatus([])
    let deadline = waiter.now + timeout
    while true {
      let status = readStatus()
      if status == [] {
        // What the device wrote before it let go is in memory, for whoever looks now.
        Barrier.registers()
        return DeviceReset(of: identity)
      }
      if status.isAbsent { throw .deviceAbsent }
      guard waiter.now < deadline else { throw .resetTimedOut(status: status.rawValue) }
      waiter.wait(until: deadline)
    }
  }

  /// Resets the device without a clock: looks `attempts` times. For a driver that is being dropped.
  ///
  /// - Returns: nil if the device did not finish its reset: its buffers must not be used again.
  @inlinable
  public func reset(attempts: Int) -> DeviceReset? {
    writeStatus([])
    for _ in 0..<attempts {
      let status = readStatus()
      if status == [] {
        Barrier.registers()
        return DeviceReset(of: identity)
      }
      // Each look at a device that is not there may take the bus's whole patience.
      if status.isAbsent { return nil }
    }
    return nil
  }

  /// The features that the device offers, in all words that the transport has.
  public func readDeviceFeatures() -> FeatureSet {
    var features: FeatureSet = []
    for index in 0..<min(featureWordCount, 4) {
      features.formUnion(FeatureSet(word: index, readDeviceFeatures(word: index)))
    }
    return features
  }

  /// - Returns: what the driver accepts of the device's features, and what not.
  @usableFromInline
  func negotiate(_ features: DriverFeatures) throws(BringupError) -> (accepted: FeatureSet, left: FeatureSet) {
    let offered = readDeviceFeatures()
    var required = features.required
    var wanted = features.wanted
    // A legacy device has one word, and VERSION_1 is not in it; ANY_LAYOUT is for legacy devices only.
    // SPEC: Reserved Feature Bits / Legacy Interface: Reserved Feature Bits
    if isLegacy {
      wanted.insert(.anyLayout)
    } else {
      wanted.remove(.anyLayout)
      required.insert(.version1)
    }
    let missing = required.subtracting(offered)
    guard missing.isEmpty else { throw .featuresMissing(missing) }
    let agreed = offered.intersection(wanted.union(required)).intersection(.implemented)
    let accepted = agreed.intersection(features.settle(agreed).union(required).union(.anyLayout))
    // From high to low: a device that takes word 2 for word 0 ends up with the right one.
    for index in (0..<min(featureWordCount, 4)).reversed() {
      writeDriverFeatures(accepted.word(index), word: index)
    }
    return (accepted, offered.subtracting(accepted))
  }
}
