public import VirtIO

extension FeatureSet {
  /// Feature bits of consoles.
  ///
  /// SPEC: Device Types / Console Device / Feature bits
  public enum Console {
    /// The configuration tells the size of port 0. The VirtIO constant is `VIRTIO_CONSOLE_F_SIZE`.
    public static let size = FeatureSet(bit: 0)
    /// There can be several ports, and control queues tell of them. The VirtIO constant is
    /// `VIRTIO_CONSOLE_F_MULTIPORT`.
    public static let multiport = FeatureSet(bit: 1)
    /// Single characters can be written without queues. The VirtIO constant is `VIRTIO_CONSOLE_F_EMERG_WRITE`.
    public static let emergencyWrite = FeatureSet(bit: 2)
  }
}
