public import VirtIO

extension EventDevice where T: ~Copyable {
  /// All that can be seen of the device and its queues, for `Diagnosis`.
  public func observe() -> DeviceObservation {
    DeviceObservation(
      transport, features: features, queues: [QueueObservation(events, .input), QueueObservation(statusQueue)])
  }
}
