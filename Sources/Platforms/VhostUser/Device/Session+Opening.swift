import Glibc
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
    if let display = options.display { try connect(display) }
    queueCount = Self.usualQueueCount(type)
    if protocolFeatures.contains(.queueCount) {
      let count = try askNumber(.getQueueCount)
      guard let count = UInt16(exactly: count), count != 0 else { throw failed(.impossibleQueueCount(count)) }
      queueCount = type == .network ? Self.queueCount(ofPairs: count) : count
    }
    let limit = protocolFeatures.contains(.memorySlots) ? try askNumber(.getMemorySlotLimit) : 8
    guard memory.regions.count <= limit else {
      throw failed(.tooManyRegions(count: memory.regions.count, limit: limit))
    }
    if protocolFeatures.contains(.configuration) {
      configuration = try probeConfiguration()
    } else if type == .network {
      offered &= ~Self.networkFrontEndBits
    }
    if type == .network, offered & Self.networkControlBit != 0, queueCount != .max { queueCount += 1 }
    if let settledFeatures, offered & settledFeatures != settledFeatures {
      throw failed(.featuresGone(FeatureSet(rawValue: UInt128(settledFeatures & ~offered))))
    }
  }

  /// Gives the back-end the socket that its pictures go to.
  private mutating func connect(_ display: VhostUserDisplay) throws(VhostUserError) {
    let socket = try display.connect()
    // The back-end has a copy of its own.
    defer { close(socket) }
    try ask(.setDisplaySocket, descriptors: [socket])
    // One that does not know the message may acknowledge it all the same, and hang up then.
    do throws(VhostUserError) {
      try ask(.getFeatures)
    } catch {
      guard case .closed(_, let received, let expected) = error else { throw error }
      throw .closed(request: .setDisplaySocket, received: received, expected: expected)
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

  /// Network back-ends count pairs; the control queue is behind them.
  private static func queueCount(ofPairs pairs: UInt16) -> UInt16 { pairs >= 0x8000 ? .max : pairs * 2 }

  /// What a network back-end without a configuration offers on behalf of a machine emulator in front of it, which has the
  /// configuration and the control queue: MTU, MAC, CTRL_GUEST_OFFLOADS, STATUS, all CTRL bits, GUEST_ANNOUNCE, MQ,
  /// VQ_NOTF_COAL, NOTF_COAL, HASH_REPORT, RSS, STANDBY, SPEED_DUPLEX. Here nobody is in front.
  private static var networkFrontEndBits: UInt64 {
    [2, 3, 5, 16, 17, 18, 19, 20, 21, 22, 23, 52, 53, 57, 60, 62, 63].reduce(0) { $0 | 1 << $1 }
  }
  /// CTRL_VQ.
  private static var networkControlBit: UInt64 { 1 << 17 }
}
