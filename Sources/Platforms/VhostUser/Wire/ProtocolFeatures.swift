/// What a vhost-user back-end can do beside the device's own features: bits of the protocol, not of VirtIO.
public struct ProtocolFeatures: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt64
  /// Wraps the bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// It says how many queues there are. The protocol's constant is `VHOST_USER_PROTOCOL_F_MQ`.
  public static let queueCount = ProtocolFeatures(rawValue: 1 << 0)
  /// It acknowledges messages when asked to. The protocol's constant is `VHOST_USER_PROTOCOL_F_REPLY_ACK`.
  public static let acknowledgement = ProtocolFeatures(rawValue: 1 << 3)
  /// It has the device's configuration. The protocol's constant is `VHOST_USER_PROTOCOL_F_CONFIG`.
  public static let configuration = ProtocolFeatures(rawValue: 1 << 9)
  /// It takes memory region by region. The protocol's constant is `VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS`.
  public static let memorySlots = ProtocolFeatures(rawValue: 1 << 15)
  /// It keeps the device status. The protocol's constant is `VHOST_USER_PROTOCOL_F_STATUS`.
  public static let status = ProtocolFeatures(rawValue: 1 << 16)

  /// What this package knows how to use.
  public static let implemented: ProtocolFeatures = [
    .queueCount, .acknowledgement, .configuration, .memorySlots, .status,
  ]

  /// The protocol's names, without `VHOST_USER_PROTOCOL_F_`, bit 0 first.
  private static let table = [
    "MQ", "LOG_SHMFD", "RARP", "REPLY_ACK", "NET_MTU", "BACKEND_REQ", "CROSS_ENDIAN", "CRYPTO_SESSION", "PAGEFAULT",
    "CONFIG", "BACKEND_SEND_FD", "HOST_NOTIFIER", "INFLIGHT_SHMFD", "RESET_DEVICE", "INBAND_NOTIFICATIONS",
    "CONFIGURE_MEM_SLOTS", "STATUS", "XEN_MMAP", "SHARED_OBJECT", "DEVICE_STATE",
  ]

  /// The names of the bits, lowest first; `bit N` for one without a name.
  public var names: [String] {
    (0..<64).filter { rawValue >> UInt64($0) & 1 != 0 }.map { $0 < Self.table.count ? Self.table[$0] : "bit \($0)" }
  }
}
