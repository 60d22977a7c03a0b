import Synchronization
public import VirtIO

/// What a back-end offers, and what is used of it.
public struct VhostUserOffer: Equatable, Sendable {
  /// The device's features.
  public let features: FeatureSet
  /// The protocol's.
  public let protocolFeatures: ProtocolFeatures
  /// What of them is in use.
  public let protocolFeaturesInUse: ProtocolFeatures
  /// How many queues there are: as the back-end says, or as usual for the type.
  public let queueCount: UInt16
  /// The configuration's bytes, as far as the back-end gives them.
  public let configuration: [UInt8]
}

extension VhostUserDevice {
  /// The features that the back-end offers, without the protocol's own bits and without what only a machine emulator in
  /// front of a network back-end could keep.
  public var features: FeatureSet {
    session.withLock {
      FeatureSet(rawValue: UInt128($0.offered & ~(Session.protocolFeaturesBit | Session.loggingBit)))
    }
  }

  /// All that the back-end offers.
  public var offer: VhostUserOffer {
    let features = features
    return session.withLock {
      VhostUserOffer(
        features: features, protocolFeatures: $0.protocolOffered, protocolFeaturesInUse: $0.protocolFeatures,
        queueCount: $0.queueCount, configuration: $0.configuration)
    }
  }
}
