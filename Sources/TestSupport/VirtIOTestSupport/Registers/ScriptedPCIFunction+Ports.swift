import VirtIO

/// What is behind BAR 0: the legacy registers. Offsets are written out here a second time, on purpose: the transport's
/// constants are under test.
///
/// SPEC: Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Legacy Interfaces: A Note on PCI Device
/// Layout
extension ScriptedPCIFunction {
  func loadPort(_ place: Int, byteCount: Int) -> UInt32 {
    guard answers("read") else { return .max }
    if place >= 0x14 { return device.readConfiguration(at: place - 0x14, byteCount: byteCount) }
    checkPortWidth(place, byteCount, "read")
    switch place {
    case 0x00: return device.readFeatures(word: 0)
    case 0x04: return device.acceptedFeatures.word(0)
    case 0x08: return device.legacyPageNumber()
    case 0x0c: return device.queueMaximum()
    case 0x0e: return device.selectors.queue ?? 0
    case 0x12: return UInt32(device.readStatus())
    case 0x13:
      let value = device.interruptStatus
      device.clearInterruptStatus()
      return UInt32(value)
    default:
      device.record("legacy register \(hex(place)) read: nothing to read there")
      return 0
    }
  }

  func storePort(_ place: Int, byteCount: Int, _ value: UInt32) {
    guard answers("written") else { return }
    if place >= 0x14 { return device.writeConfiguration(value, at: place - 0x14, byteCount: byteCount) }
    checkPortWidth(place, byteCount, "written")
    switch place {
    case 0x04: device.writeFeatures(value, word: 0)
    case 0x08: device.setLegacyPCIPageNumber(value)
    case 0x0e: device.selectors.queue = value
    case 0x10:
      if !isBusMaster { device.record("notification while the function is no bus master") }
      device.notify(queue: UInt16(truncatingIfNeeded: value))
    case 0x12: device.writeStatus(UInt8(truncatingIfNeeded: value))
    default: device.record("legacy register \(hex(place)) written: read-only")
    }
  }

  private func answers(_ verb: String) -> Bool {
    guard device.isLegacy else {
      device.record("legacy register \(verb) of a device that has the modern interface, too")
      return false
    }
    if !decodesPorts { device.record("BAR 0 \(verb) while I/O decoding is off") }
    return decodesPorts
  }

  private func checkPortWidth(_ place: Int, _ byteCount: Int, _ verb: String) {
    let width =
      switch place {
      case 0x00, 0x04, 0x08: 4
      case 0x0c, 0x0e, 0x10: 2
      case 0x12, 0x13: 1
      default: 0
      }
    if width != byteCount {
      device.record("legacy register \(hex(place)) \(verb) by \(byteCount) bytes, it has \(width)")
    }
  }
}

extension ScriptedDevice {
  /// Over PCI page size and alignment are 4096, and the size is the device's.
  func setLegacyPCIPageNumber(_ value: UInt32) {
    if value != 0, let index = selectedQueue("the page number"), !queues[index].isEnabled {
      progress.pageSize = 4096
      queues[index].alignment = 4096
      queues[index].size = UInt16(truncatingIfNeeded: hostility.queueMaximum ?? queues[index].maximumSize)
    }
    setLegacyPageNumber(value)
  }
}
