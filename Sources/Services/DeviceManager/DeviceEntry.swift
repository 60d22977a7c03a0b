public import DeviceTraits

/// A device that the manager knows by name. The name stays with it for as long as the machine runs, whatever happens to
/// the device; no other device gets it.
public final class DeviceEntry {
  /// What the device is called, as `vda`.
  public let name: String
  /// Where it is, in the words of its bus.
  public let location: String
  /// What its bus told; nil for a device that is not behind a VirtIO transport.
  public let identification: DeviceIdentification?
  /// Who has the device.
  public internal(set) var state: DeviceState
  /// The driven device; nil while nobody drives it.
  public internal(set) var device: (any DrivenDevice)?
  let place: (any DevicePlace)?

  init(_ name: String, _ location: String, place: (any DevicePlace)?, _ state: DeviceState) {
    self.name = name
    self.location = location
    self.place = place
    self.state = state
    identification = place?.identification
  }

  /// What it is to the rest of the machine; nil while nobody drives it.
  public var role: DeviceRole? { device?.role }
}

/// Who has a device.
public enum DeviceState: Equatable, Sendable {
  /// A driver of this machine: its name.
  case driven(by: String)
  /// Nobody: it could not be brought up, and why.
  case failed(DeviceFailure)
  /// Nobody: it was reset, and any driver may have it.
  case released
  /// Somebody outside, as a driver server: its name. The manager keeps its hands off the device.
  case lent(to: String)
  /// Nobody ever again: it is no longer in the machine.
  case removed

  /// The state in a few words.
  public var words: String {
    switch self {
    case .driven(let driver): "driven by \(driver)"
    case .failed(let failure): "not driven: \(failure.words)"
    case .released: "not driven: released"
    case .lent(let owner): "lent to \(owner)"
    case .removed: "removed"
    }
  }
}

/// Why the manager did not do what it was asked.
public enum ManagerError: Error, Equatable, Sendable {
  /// No device has this name.
  case unknownName(String)
  /// The device is in another state than the operation needs: which it is in.
  case wrongState(name: String, DeviceState)
  /// It could not be brought up.
  case failed(name: String, DeviceFailure)

  /// The error in one line.
  public var words: String {
    switch self {
    case .unknownName(let name): "no device '\(name)'"
    case .wrongState(let name, let state): "\(name) is \(state.words)"
    case .failed(let name, let failure): "\(name): \(failure.words)"
    }
  }
}
