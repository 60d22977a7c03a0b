/// What a driver wants of a device.
public struct DriverFeatures: Sendable {
  /// Bits that the driver knows and would like to have.
  public var wanted: FeatureSet
  /// Bits that it cannot work without; always wanted, too.
  public var required: FeatureSet
  /// Takes bits out of what would be accepted: those that need another bit which is not among them. It cannot add any.
  public var settle: @Sendable (FeatureSet) -> FeatureSet

  /// A driver's wishes. `version1` need not be named: it is required of every modern device.
  public init(
    wanted: FeatureSet, required: FeatureSet = [], settle: @escaping @Sendable (FeatureSet) -> FeatureSet = { $0 }
  ) {
    self.wanted = wanted
    self.required = required
    self.settle = settle
  }
}
