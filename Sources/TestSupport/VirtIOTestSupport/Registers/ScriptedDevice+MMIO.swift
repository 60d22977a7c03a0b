import VirtIO

/// The control registers of an MMIO window. Offsets are written out here a second time, on purpose: the transport's
/// constants are under test.
///
/// SPEC: devicenormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout
extension ScriptedDevice {
  func readMMIO(_ offset: Int) -> UInt32 {
    if type == .none && offset > 0x008 { record("register \(hex(offset)) of an empty slot read") }
    switch offset {
    case 0x000: return hostility.magic ?? 0x7472_6976
    case 0x004: return hostility.version ?? (isLegacy ? 1 : 2)
    case 0x008: return type.rawValue
    case 0x00c: return 0x554d_4551
    case 0x010:
      guard let word = selectors.deviceFeatures else {
        record("DeviceFeatures read before DeviceFeaturesSel was written")
        return 0
      }
      return readFeatures(word: word)
    case 0x034: return queueMaximum()
    case 0x060: return hostility.interruptStatus ?? UInt32(interruptStatus)
    case 0x070: return UInt32(readStatus()) | hostility.statusHighBits
    case 0x040 where isLegacy: return legacyPageNumber()
    case 0x044 where !isLegacy: return queueEnabled()
    case 0x0c0 where !isLegacy: return 0
    case 0x0fc where !isLegacy: return readGeneration()
    default:
      record("register \(hex(offset)) read: \(Self.isWriteOnly(offset) ? "write-only" : "there is none")")
      return 0
    }
  }

  func writeMMIO(_ offset: Int, _ value: UInt32) {
    if type == .none { record("register \(hex(offset)) of an empty slot written") }
    switch offset {
    case 0x014: selectors.deviceFeatures = value
    case 0x020:
      guard let word = selectors.driverFeatures else {
        return record("DriverFeatures written before DriverFeaturesSel")
      }
      writeFeatures(value, word: word)
    case 0x024: selectors.driverFeatures = value
    case 0x030: selectors.queue = value
    case 0x038: setQueueSize(value)
    case 0x050: notify(value)
    case 0x064: acknowledgeInterrupts(value)
    case 0x070:
      if value > 0xff { record("status \(hex(value)) written") }
      writeStatus(UInt8(truncatingIfNeeded: value))
    default: if isLegacy { writeLegacyMMIO(offset, value) } else { writeModernMMIO(offset, value) }
    }
  }

  private func writeModernMMIO(_ offset: Int, _ value: UInt32) {
    switch offset {
    case 0x044:
      if value > 1 { record("QueueReady written as \(value)") }
      if value == 0 { disableQueue() } else { enableQueue() }
    case 0x080, 0x084: setQueueArea(.descriptors, high: offset & 4 != 0, to: value)
    case 0x090, 0x094: setQueueArea(.driver, high: offset & 4 != 0, to: value)
    case 0x0a0, 0x0a4: setQueueArea(.device, high: offset & 4 != 0, to: value)
    case 0x0c0:
      if !acceptedFeatures.contains(.ringReset) { record("QueueReset without RING_RESET") }
      if value == 1 { disableQueue() }
    default: record("register \(hex(offset)) written: read-only, or there is none")
    }
  }

  private func writeLegacyMMIO(_ offset: Int, _ value: UInt32) {
    switch offset {
    case 0x028:
      if value == 0 || value & (value &- 1) != 0 { record("page size \(value), expected a power of two") }
      if queues.contains(where: \.isEnabled) { record("page size written while queues are in use") }
      progress.pageSize = value
    case 0x03c: setLegacyAlignment(value)
    case 0x040: setLegacyPageNumber(value)
    default: record("register \(hex(offset)) written: read-only, or there is none")
    }
  }

  private func setLegacyAlignment(_ value: UInt32) {
    guard let index = selectedQueue("QueueAlign") else { return }
    if queues[index].isEnabled { record("QueueAlign of queue \(index) written while the queue is in use") }
    queues[index].alignment = value
  }

  private func notify(_ value: UInt32) {
    guard let index = UInt16(exactly: value) else { return record("notification with the value \(hex(value))") }
    notify(queue: index)
  }

  private func acknowledgeInterrupts(_ value: UInt32) {
    if value & ~3 != 0 { record("undefined bits in InterruptACK: \(hex(value))") }
    interruptStatus &= ~UInt8(truncatingIfNeeded: value)
  }

  private static func isWriteOnly(_ offset: Int) -> Bool {
    switch offset {
    case 0x014, 0x020, 0x024, 0x028, 0x030, 0x038, 0x03c, 0x050, 0x064, 0x080...0x0a7: true
    default: false
    }
  }
}
