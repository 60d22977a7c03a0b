public import VirtIO

extension FeatureSet {
  /// Feature bits of block devices.
  ///
  /// SPEC: Device Types / Block Device / Feature bits
  public enum Block {
    /// A segment's size has a limit. The VirtIO constant is `VIRTIO_BLK_F_SIZE_MAX`.
    public static let segmentSizeLimit = FeatureSet(rawValue: 1 << 1)
    /// A request's number of segments has a limit. The VirtIO constant is `VIRTIO_BLK_F_SEG_MAX`.
    public static let segmentCountLimit = FeatureSet(rawValue: 1 << 2)
    /// The disk is read-only. The VirtIO constant is `VIRTIO_BLK_F_RO`.
    public static let readOnly = FeatureSet(rawValue: 1 << 5)
    /// The device names its block size. The VirtIO constant is `VIRTIO_BLK_F_BLK_SIZE`.
    public static let blockSize = FeatureSet(rawValue: 1 << 6)
    /// The device has a cache that can be flushed. The VirtIO constant is `VIRTIO_BLK_F_FLUSH`.
    public static let flush = FeatureSet(rawValue: 1 << 9)
  }
}
