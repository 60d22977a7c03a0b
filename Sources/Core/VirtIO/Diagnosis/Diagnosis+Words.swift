extension Diagnosis {
  /// True when nothing is wrong.
  public var isHealthy: Bool {
    if case .healthy = self { return true }
    return false
  }

  /// One sentence.
  public var words: String {
    switch self {
    case .healthy(let done, let underWay):
      "healthy: \(done) requests are done (modulo 65536 for each queue), \(underWay) are with the device"
    case .absent: "nothing answers: the device status reads as ones, as where there is no device"
    case .backEndGone: "its back-end is gone: nobody serves the device any more"
    case .legacyDrivenAsModern:
      "a legacy device driven as a modern one, or the other way round: the two do not agree on VERSION_1"
    case .gaveUp(let status): "the driver gave it up: device status is \(hex(UInt64(status))), FAILED is set"
    case .needsReset(let status): "the device wants a reset: device status is \(hex(UInt64(status)))"
    case .notLive(let status):
      "it is not live: device status is \(hex(UInt64(status))), DRIVER_OK is missing, so it was reset or never brought up"
    case .queueFault(let queue, let fault): "the device broke the rules of queue \(queue): \(fault.words)"
    case .queueNotEnabled(let queue): "queue \(queue) is not enabled at the device, so nobody looks into it"
    case .addressOutsideMemory(let queue, let address):
      "queue \(queue) lies at \(hex(address)), where the device reaches no memory"
    case .neverPublished(let queue, let count):
      "\(count) requests on queue \(queue) were submitted and never published: the doorbell was never rung for them"
    case .doorbellNeverRung(let queue, let count):
      "\(count) requests on queue \(queue) are published, and the doorbell that the device waits for was never rung"
    case .interruptMasked(let queue, let count):
      "\(count) requests on queue \(queue) are done, and the interrupt that tells so is masked"
    case .nobodyLooks(let queue, let count):
      "\(count) requests on queue \(queue) are done, and nobody has looked: no interrupt came, or nobody polls"
    case .notServed(let queue, let count, let notifications):
      "\(count) requests on queue \(queue) wait although all is right on this side and the doorbell was rung "
        + "\(notifications) times: its back-end is gone, or hangs"
    case .notBroughtUp(let words): "it could not be brought up: \(words)"
    }
  }
}
