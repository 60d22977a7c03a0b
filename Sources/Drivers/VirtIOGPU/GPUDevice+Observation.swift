public import VirtIO

extension GPUDevice where T: ~Copyable {
  /// All that can be seen of the GPU and of its queues, for `Diagnosis`.
  public func observe() -> DeviceObservation {
    DeviceObservation(
      transport, features: features, queues: [QueueObservation(control), QueueObservation(cursors)])
  }
}
