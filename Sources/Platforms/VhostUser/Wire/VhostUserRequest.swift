/// What a message asks of the back-end.
public enum VhostUserRequest: UInt32, Sendable, CaseIterable {
  case getFeatures = 1
  case setFeatures = 2
  case setOwner = 3
  case setMemoryTable = 5
  case setRingSize = 8
  case setRingAddresses = 9
  case setRingBase = 10
  case getRingBase = 11
  case setRingKick = 12
  case setRingCall = 13
  case getProtocolFeatures = 15
  case setProtocolFeatures = 16
  case getQueueCount = 17
  case setRingEnabled = 18
  case getConfiguration = 24
  case setConfiguration = 25
  case setDisplaySocket = 33
  case getMemorySlotLimit = 36
  case addMemoryRegion = 37
  case setStatus = 39
  case getStatus = 40

  /// The name in the protocol's document, without `VHOST_USER_`.
  public var name: String {
    switch self {
    case .getFeatures: "GET_FEATURES"
    case .setFeatures: "SET_FEATURES"
    case .setOwner: "SET_OWNER"
    case .setMemoryTable: "SET_MEM_TABLE"
    case .setRingSize: "SET_VRING_NUM"
    case .setRingAddresses: "SET_VRING_ADDR"
    case .setRingBase: "SET_VRING_BASE"
    case .getRingBase: "GET_VRING_BASE"
    case .setRingKick: "SET_VRING_KICK"
    case .setRingCall: "SET_VRING_CALL"
    case .getProtocolFeatures: "GET_PROTOCOL_FEATURES"
    case .setProtocolFeatures: "SET_PROTOCOL_FEATURES"
    case .getQueueCount: "GET_QUEUE_NUM"
    case .setRingEnabled: "SET_VRING_ENABLE"
    case .getConfiguration: "GET_CONFIG"
    case .setConfiguration: "SET_CONFIG"
    case .setDisplaySocket: "GPU_SET_SOCKET"
    case .getMemorySlotLimit: "GET_MAX_MEM_SLOTS"
    case .addMemoryRegion: "ADD_MEM_REG"
    case .setStatus: "SET_STATUS"
    case .getStatus: "GET_STATUS"
    }
  }

  /// The back-end answers this request with a message of its own, whatever was negotiated.
  var hasReply: Bool {
    switch self {
    case .getFeatures, .getRingBase, .getProtocolFeatures, .getQueueCount, .getConfiguration, .getMemorySlotLimit,
      .getStatus:
      true
    default: false
    }
  }
}
