public import VirtIO

extension EntropySource where T: ~Copyable {
  /// All that can be seen of the source and its queue, for `Diagnosis`.
  public func observe() -> DeviceObservation {
    DeviceObservation(transport, features: features, queues: [QueueObservation(queue)])
  }
}
