/// What a driver wants of a device.
public struct DriverFeatures: Sendable {
  /// Bits that the driver knows and would like to have.
  public var wanted: FeatureSet
  /// Bits that it cannot work without; always wanted, too.
  public var required: FeatureSet

  /// A driver's wishes. `version1` need not be named: it is required of every modern device.
  public init(wanted: FeatureSet, required: FeatureSet = []) {
    self.wanted = wanted
    self.required = required
  }
}
