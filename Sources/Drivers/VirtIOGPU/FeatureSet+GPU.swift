public import VirtIO

extension FeatureSet {
  /// Feature bits of GPUs that this driver knows.
  ///
  /// SPEC: Device Types / GPU Device / Feature bits
  public enum GPU {
    /// The device tells what its displays can do. The VirtIO constant is `VIRTIO_GPU_F_EDID`.
    public static let edid = FeatureSet(rawValue: 1 << 1)
  }
}
