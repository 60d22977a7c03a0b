import VirtIO

extension Session {
  /// Makes a back-end's acquaintance: what it offers, and how it is to be spoken to.
  mutating func open(_ socket: MessageSocket) throws(VhostUserError) {
    forgetConnection()
    self.socket = socket
    try poller.add(socket)
    try ask(.setOwner)
    offered = try askNumber(.getFeatures)
    if hasProtocolFeatures {
      protocolOffered = ProtocolFeatures(rawValue: try askNumber(.getProtocolFeatures))
      let accepted = protocolOffered.intersection(options.protocolFeatures).intersection(.implemented)
      try ask(.setProtocolFeatures, .longWord(accepted.rawValue))
      protocolFeatures = accepted
    }
    queueCount = Self.usualQueueCount(type)
    if protocolFeatures.contains(.queueCount) {
      let count = try askNumber(.getQueueCount)
      guard let count = UInt16(exactly: count), count != 0 else { throw failed(.impossibleQueueCount(count)) }
      queueCount = count
    }
    let limit = protocolFeatures.contains(.memorySlots) ? try askNumber(.getMemorySlotLimit) : 8
    guard memory.regions.count <= limit else {
      throw failed(.tooManyRegions(count: memory.regions.count, limit: limit))
    }
    if protocolFeatures.contains(.configuration) { configuration = try probeConfiguration() }
    if let settledFeatures, offered & settledFeatures != settledFeatures {
      throw failed(.featuresGone(FeatureSet(rawValue: UInt128(settledFeatures & ~offered))))
    }
  }

  /// How many queues a device has that does not say.
  private static func usualQueueCount(_ type: DeviceType) -> UInt16 {
    switch type {
    case .network, .console, .gpu, .input, .fileSystem: 2
    case .scsi, .socket: 3
    default: 1
    }
  }
}
