public import VirtIO

extension NetworkCard where T: ~Copyable {
  /// All that can be seen of the card and of its first pair's queues, for `Diagnosis`.
  public func observe() -> DeviceObservation {
    var queues = [QueueObservation(pair.receiveQueue, .input), QueueObservation(pair.transmitQueue)]
    switch control {
    case .some(let control): queues.append(QueueObservation(control.queue))
    case .none: break
    }
    return DeviceObservation(transport, features: features, queues: queues)
  }
}
