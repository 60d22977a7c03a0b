public import VirtIO

extension ConsolePorts where T: ~Copyable {
  /// All that can be seen of the device and of its ports' queues, for `Diagnosis`.
  public func observe() -> DeviceObservation {
    var queues: [QueueObservation] = []
    for port in ports where port.isThere {
      queues.append(QueueObservation(port.receive, .input))
      queues.append(QueueObservation(port.transmit))
    }
    if let control {
      queues.append(QueueObservation(control.receive, .input))
      queues.append(QueueObservation(control.transmit))
    }
    return DeviceObservation(transport, features: features, queues: queues)
  }
}
