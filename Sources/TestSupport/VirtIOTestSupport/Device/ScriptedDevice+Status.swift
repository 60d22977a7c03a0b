import VirtIO

/// Device status and feature negotiation.
///
/// SPEC: drivernormative:General Initialization And Device Operation / Device Initialization
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Status Field
/// SPEC: drivernormative:Basic Facilities of a Virtio Device / Feature Bits
extension ScriptedDevice {
  func readStatus() -> UInt8 {
    if let left = progress.resetReadsLeft {
      if left > 0 {
        progress.resetReadsLeft = left - 1
        return progress.statusBeforeReset.rawValue
      }
      progress.resetReadsLeft = nil
    }
    if status.contains(.featuresOK) { progress.hasReadBackFeatures = true }
    return status.rawValue
  }

  func writeStatus(_ value: UInt8) {
    if value == 0 { return reset() }
    let new = DeviceStatus(rawValue: value)
    if progress.resetReadsLeft != nil, !new.contains(.failed) {
      record("status \(hex(value)) written before the reset was seen to be complete")
      progress.resetReadsLeft = nil
    }
    let kept = status.subtracting(.deviceNeedsReset)
    if !new.isSuperset(of: kept) {
      record("status bits cleared without a reset: \(hex(status.rawValue)) to \(hex(value))")
    }
    if value & 0x30 != 0 { record("undefined status bits written: \(hex(value))") }
    if new.contains(.deviceNeedsReset) && !status.contains(.deviceNeedsReset) {
      record("DEVICE_NEEDS_RESET written by the driver")
    }
    if kept.contains(.failed) && new != kept { record("status \(hex(value)) written after FAILED without a reset") }
    var merged = new.union(status.intersection(.deviceNeedsReset))
    if !new.contains(.failed) { checkOrder(from: kept, to: new) }
    if new.contains(.featuresOK) && !kept.contains(.featuresOK) {
      progress.hasReadBackFeatures = false
      if !acceptFeatures() { merged.remove(.featuresOK) }
    }
    if merged.contains(.driverOK) && !kept.contains(.driverOK) { settledFeatures = acceptedFeatures }
    status = merged
  }

  private func checkOrder(from old: DeviceStatus, to new: DeviceStatus) {
    let added = new.subtracting(old)
    if added.contains(.driver) && !old.contains(.acknowledge) { record("DRIVER before ACKNOWLEDGE") }
    if added.contains(.featuresOK) {
      if isLegacy { record("FEATURES_OK written to a legacy device") }
      if !old.contains(.driver) { record("FEATURES_OK before DRIVER") }
    }
    if added.contains(.driverOK) {
      if !old.contains(.driver) { record("DRIVER_OK before DRIVER") }
      if !isLegacy && !old.contains(.featuresOK) { record("DRIVER_OK without FEATURES_OK") }
      if !isLegacy && old.contains(.featuresOK) && !progress.hasReadBackFeatures {
        record("DRIVER_OK without reading FEATURES_OK back")
      }
    }
  }

  /// Whether FEATURES_OK sticks.
  private func acceptFeatures() -> Bool {
    let surplus = acceptedFeatures.subtracting(offeredFeatures)
    if !surplus.isEmpty { record("features accepted that were not offered: \(surplus.hexadecimal)") }
    let lacksVersion1 = offeredFeatures.contains(.version1) && !acceptedFeatures.contains(.version1)
    if lacksVersion1 { record("VERSION_1 offered and not accepted") }
    return surplus.isEmpty && !lacksVersion1 && !hostility.refusesFeatures
  }

  /// Forgets everything behind the driver's back, as when its back-end was restarted.
  public func forget() { reset() }

  private func reset() {
    if hostility.neverResets { return }
    resetCount += 1
    let before = status
    status = []
    acceptedFeatures = []
    interruptStatus = 0
    selectors = Selectors()
    progress = Progress()
    progress.resetReadsLeft = hostility.slowResetReads
    progress.statusBeforeReset = before
    for index in queues.indices { queues[index].reset() }
  }

  // MARK: Features

  /// The word that an index stands for; nil for words that do not exist.
  private func featureWord(_ index: UInt32) -> Int? {
    if isLegacy { return index == 0 ? 0 : nil }
    if hostility.aliasesFeatureWords { return index == 0 ? 0 : 1 }
    return index < 4 ? Int(index) : nil
  }

  func readFeatures(word index: UInt32) -> UInt32 { featureWord(index).map { offeredFeatures.word($0) } ?? 0 }

  func writeFeatures(_ value: UInt32, word index: UInt32) {
    if !status.contains(.driver) { record("features written before DRIVER") }
    if status.contains(isLegacy ? .driverOK : .featuresOK) {
      // A device that has settled does not listen any more.
      return record("features written after \(isLegacy ? "DRIVER_OK" : "FEATURES_OK")")
    }
    if let last = progress.lastFeatureWord, Int(index) > last {
      record("feature word \(index) written after word \(last): words are written from high to low")
    }
    progress.lastFeatureWord = Int(index)
    guard let word = featureWord(index) else {
      if value != 0 { record("feature word \(index) written, which this device does not have") }
      return
    }
    let shift = UInt128(32 * word)
    let kept = acceptedFeatures.rawValue & ~(UInt128(UInt32.max) << shift)
    acceptedFeatures = FeatureSet(rawValue: kept | UInt128(value) << shift)
  }
}

func hex(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }
