public import VirtIO

extension FeatureSet {
  /// Feature bits of network devices.
  ///
  /// SPEC: Device Types / Network Device / Feature bits
  public enum Network {
    /// The device completes partial checksums of what it sends. The VirtIO constant is `VIRTIO_NET_F_CSUM`.
    public static let checksum = FeatureSet(rawValue: 1 << 0)
    /// The driver takes frames with partial checksums, and the device's word on others. The VirtIO constant is
    /// `VIRTIO_NET_F_GUEST_CSUM`.
    public static let receiveChecksum = FeatureSet(rawValue: 1 << 1)
    /// The device names the largest packet. The VirtIO constant is `VIRTIO_NET_F_MTU`.
    public static let mtu = FeatureSet(rawValue: 1 << 3)
    /// The device has an address. The VirtIO constant is `VIRTIO_NET_F_MAC`.
    public static let macAddress = FeatureSet(rawValue: 1 << 5)
    /// A frame may fill several receive buffers. The VirtIO constant is `VIRTIO_NET_F_MRG_RXBUF`.
    public static let mergeableBuffers = FeatureSet(rawValue: 1 << 15)
    /// The device tells the link's state. The VirtIO constant is `VIRTIO_NET_F_STATUS`.
    public static let status = FeatureSet(rawValue: 1 << 16)
    /// There is a control queue. The VirtIO constant is `VIRTIO_NET_F_CTRL_VQ`.
    public static let controlQueue = FeatureSet(rawValue: 1 << 17)
    /// Receive modes and the table of addresses. The VirtIO constant is `VIRTIO_NET_F_CTRL_RX`.
    public static let receiveModes = FeatureSet(rawValue: 1 << 18)
    /// A filter of VLANs, which passes none at first. The VirtIO constant is `VIRTIO_NET_F_CTRL_VLAN`.
    public static let vlanFilter = FeatureSet(rawValue: 1 << 19)
    /// More receive modes. The VirtIO constant is `VIRTIO_NET_F_CTRL_RX_EXTRA`.
    public static let extraReceiveModes = FeatureSet(rawValue: 1 << 20)
    /// The device may ask the driver to announce itself. The VirtIO constant is `VIRTIO_NET_F_GUEST_ANNOUNCE`.
    public static let announcement = FeatureSet(rawValue: 1 << 21)
    /// Several pairs of queues. The VirtIO constant is `VIRTIO_NET_F_MQ`.
    public static let queuePairs = FeatureSet(rawValue: 1 << 22)
    /// The address can be changed. The VirtIO constant is `VIRTIO_NET_F_CTRL_MAC_ADDR`.
    public static let addressChange = FeatureSet(rawValue: 1 << 23)

    /// What this driver knows. Of the rest, those that would lengthen the header (hash reports, tunnels, outer headers,
    /// IPsec) or let the device merge packets must not be accepted by it.
    static var known: FeatureSet {
      [
        checksum, receiveChecksum, mtu, macAddress, mergeableBuffers, status, controlQueue, receiveModes, vlanFilter,
        extraReceiveModes, announcement, queuePairs, addressChange, .indirectDescriptors, .eventIndex,
      ]
    }

    /// Without what needs a control queue, when there is none.
    ///
    /// SPEC: Device Types / Network Device / Feature bits / Feature bit requirements
    static func settled(_ features: FeatureSet) -> FeatureSet {
      if features.contains(controlQueue) { return features }
      return features.subtracting([
        receiveModes, vlanFilter, extraReceiveModes, announcement, queuePairs, addressChange,
      ])
    }
  }
}
