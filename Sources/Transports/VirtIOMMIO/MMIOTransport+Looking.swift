import DevicePlatform

extension MMIOTransport {
  /// Whether a queue is enabled: QueueReady, or a page number of a legacy device.
  public func isEnabled(queue index: UInt16) -> Bool? {
    registers.store32(UInt32(index), at: MMIORegister.queueSelect)
    return registers.load32(at: isLegacy ? MMIORegister.legacyQueuePageNumber : MMIORegister.queueReady) != 0
  }
}
