import DevicePlatform

extension PCITransport {
  /// Whether a queue is enabled: queue_enable, or a page number of a legacy device.
  public func isEnabled(queue index: UInt16) -> Bool? {
    if isLegacy {
      common.store16(index, at: PCILegacyRegister.queueSelect)
      return common.load32(at: PCILegacyRegister.queuePageNumber) != 0
    }
    common.store16(index, at: PCICommonRegister.queueSelect)
    return common.load16(at: PCICommonRegister.queueEnable) != 0
  }
}
