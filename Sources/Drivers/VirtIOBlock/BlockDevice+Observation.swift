public import VirtIO

extension BlockDevice where T: ~Copyable {
  /// All that can be seen of the disk and its queue, for `Diagnosis`.
  public func observe() -> DeviceObservation {
    DeviceObservation(transport, features: features, queues: [QueueObservation(queue)])
  }
}
