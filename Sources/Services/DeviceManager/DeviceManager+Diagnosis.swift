public import VirtIO

/// Why a device is silent.
extension DeviceManager {
  /// All that can be seen of a device at this moment: what its driver shows, and what the machine knows; nil while nobody
  /// drives it, and for one that is not a VirtIO device.
  public func observe(_ name: String) throws(ManagerError) -> DeviceObservation? {
    guard let entry = entry(named: name) else { throw .unknownName(name) }
    guard var observation = entry.device?.observe() else { return nil }
    observation.interrupts = entry.place?.interrupts
    observation.reachableMemory = reachableMemory
    return observation
  }

  /// What is wrong with a device, if anything; nil for one that is not a VirtIO device, or that nobody here drives.
  ///
  /// - Parameter earlier: what was seen some time before, see `Diagnosis.init(_:since:)`.
  public func diagnose(
    _ name: String, since earlier: DeviceObservation? = nil
  ) throws(ManagerError) -> Diagnosis? {
    if let observation = try observe(name) { return Diagnosis(observation, since: earlier) }
    guard case .failed(let failure)? = entry(named: name)?.state else { return nil }
    return switch failure {
    case .bringup(let error): Diagnosis(error)
    case .transport(let error): Diagnosis(BringupError.transport(error))
    case .noDriver: .notBroughtUp(failure.words)
    }
  }
}
