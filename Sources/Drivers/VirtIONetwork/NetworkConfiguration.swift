internal import VirtIO

/// What a network device says about itself, checked.
@frozen
public struct NetworkConfiguration: Equatable, Sendable {
  /// The device's own address; nil when it has none.
  public let address: MACAddress?
  /// The link carries frames. Always true when the device does not say.
  public let isLinkUp: Bool
  /// The device wants the driver to announce itself: the machine has moved. See
  /// `NetworkCard.acknowledgeAnnouncement`.
  public let wantsAnnouncement: Bool
  /// The largest packet in bytes, Ethernet header not counted; nil when the device does not say.
  public let mtu: Int?
  /// How many pairs of queues the device has.
  public let pairCount: Int

  /// Where the fields are. SPEC: Device Types / Network Device / Device configuration layout
  enum Offset {
    static let mac = 0
    static let status = 6
    static let maxPairs = 8
    static let mtu = 10
  }

  private struct Fields: Equatable {
    var mac: UInt64 = 0
    var status: UInt16 = 1
    var maxPairs: UInt16 = 1
    var mtu: UInt16 = 1500
  }

  /// Reads the configuration; a field only if its feature was negotiated.
  init<T: Transport & ~Copyable>(_ transport: borrowing T, features: FeatureSet) throws(ConfigurationError) {
    let hasMAC = features.contains(.Network.macAddress)
    let hasStatus = features.contains(.Network.status)
    let hasPairs = features.contains(.Network.queuePairs)
    let hasMTU = features.contains(.Network.mtu)
    let needed = hasMTU ? 12 : hasPairs ? 10 : hasStatus ? 8 : hasMAC ? 6 : 0
    let fields = try transport.readConfiguration(byteCount: needed) { transport in
      var fields = Fields()
      if hasMAC {
        for index in 0..<6 {
          fields.mac = fields.mac << 8 | UInt64(transport.readConfiguration8(at: Offset.mac + index))
        }
      }
      if hasStatus { fields.status = transport.readConfiguration16(at: Offset.status) }
      if hasPairs { fields.maxPairs = transport.readConfiguration16(at: Offset.maxPairs) }
      if hasMTU { fields.mtu = transport.readConfiguration16(at: Offset.mtu) }
      return fields
    }
    let mac = MACAddress(rawValue: fields.mac)
    if hasMAC, !mac.isUsable { throw .invalid(field: ConfigurationField("mac"), value: mac.rawValue) }
    // SPEC: devicenormative:Device Types / Network Device / Device configuration layout
    guard (1...0x8000).contains(fields.maxPairs) else {
      throw .invalid(field: ConfigurationField("max_virtqueue_pairs"), value: UInt64(fields.maxPairs))
    }
    guard fields.mtu >= 68 else { throw .invalid(field: ConfigurationField("mtu"), value: UInt64(fields.mtu)) }
    address = hasMAC ? mac : nil
    // Bit 0 is VIRTIO_NET_S_LINK_UP, bit 1 VIRTIO_NET_S_ANNOUNCE, which means something only if it was asked for.
    isLinkUp = fields.status & 1 != 0
    wantsAnnouncement = features.contains(.Network.announcement) && fields.status & 2 != 0
    mtu = hasMTU ? Int(fields.mtu) : nil
    pairCount = Int(fields.maxPairs)
  }
}
