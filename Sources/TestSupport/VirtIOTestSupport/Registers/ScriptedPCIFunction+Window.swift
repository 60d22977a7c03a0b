import VirtIO

/// What is behind BAR 4.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout
extension ScriptedPCIFunction {
  func load(_ place: Int, byteCount: Int) -> UInt32 {
    guard decodesMemory else {
      device.record("BAR 4 read while memory decoding is off")
      return .max
    }
    switch place {
    case Window.common..<Window.common + 0x40:
      let offset = place - Window.common
      checkWidth(offset, byteCount, "read")
      return loadCommon(offset)
    case Window.interruptStatus:
      let value = device.interruptStatus
      device.clearInterruptStatus()
      return UInt32(value)
    case Window.device..<Window.device + 0x1000:
      return device.readConfiguration(at: place - Window.device, byteCount: byteCount)
    case Window.messages..<Window.messages + messageTableByteCount:
      return loadMessage(place - Window.messages, byteCount: byteCount)
    default:
      device.record("BAR 4 read at \(hex(place)): nothing to read there")
      return 0
    }
  }

  func store(_ place: Int, byteCount: Int, _ value: UInt32) {
    guard decodesMemory else { return device.record("BAR 4 written while memory decoding is off") }
    switch place {
    case Window.common..<Window.common + 0x40:
      let offset = place - Window.common
      checkWidth(offset, byteCount, "written")
      storeCommon(offset, value)
    case Window.notify..<Window.notify + Window.notifyMultiplier * max(1, device.queueCount):
      notify(place - Window.notify, byteCount: byteCount, value)
    case Window.device..<Window.device + 0x1000:
      device.writeConfiguration(value, at: place - Window.device, byteCount: byteCount)
    case Window.messages..<Window.messages + messageTableByteCount:
      storeMessage(place - Window.messages, byteCount: byteCount, value)
    default: device.record("BAR 4 written at \(hex(place)): nothing to write there")
    }
  }

  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI-specific Initialization And Device
  /// Operation / Available Buffer Notifications
  private func notify(_ offset: Int, byteCount: Int, _ value: UInt32) {
    if byteCount != 2 { device.record("notification by \(byteCount) bytes, expected 2") }
    guard notifyOffsets.indices.contains(Int(value)), offset == Window.notifyMultiplier * notifyOffsets[Int(value)]
    else {
      return device.record("notification with the value \(value) at \(hex(offset)), which is another queue's")
    }
    if !isBusMaster { device.record("notification while the function is no bus master") }
    device.notify(queue: UInt16(truncatingIfNeeded: value))
  }

  // MARK: Common configuration

  /// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout: each field at its own
  /// width, 64-bit ones as two halves.
  private func checkWidth(_ offset: Int, _ byteCount: Int, _ verb: String) {
    let width =
      switch offset {
      case 0, 4, 8, 12, 32, 36, 40, 44, 48, 52: 4
      case 16, 18, 22, 24, 26, 28, 30: 2
      case 20, 21: 1
      default: 0
      }
    if width != byteCount {
      device.record("common configuration \(verb) at \(hex(offset)) by \(byteCount) bytes, the field has \(width)")
    }
  }

  private func loadCommon(_ offset: Int) -> UInt32 {
    switch offset {
    case 0: return device.selectors.deviceFeatures ?? 0
    case 4: return device.readFeatures(word: device.selectors.deviceFeatures ?? 0)
    case 8: return device.selectors.driverFeatures ?? 0
    case 12: return device.acceptedFeatures.word(Int(min(3, device.selectors.driverFeatures ?? 0)))
    case 16: return UInt32(messages?.configurationVector ?? ScriptedMessages.noVector)
    case 26: return UInt32(messages?.queueVectors[device.selectors.queue ?? 0] ?? ScriptedMessages.noVector)
    case 18: return UInt32(device.queueCount)
    case 20: return UInt32(device.readStatus())
    case 21: return device.readGeneration() & 0xff
    case 22: return device.selectors.queue ?? 0
    case 24: return device.chosenQueueSize()
    case 28: return device.queueEnabled()
    case 30:
      let queue = Int(device.selectors.queue ?? 0)
      return notifyOffsets.indices.contains(queue) ? UInt32(notifyOffsets[queue]) : 0
    case 32: return device.queueArea(.descriptors, high: false)
    case 36: return device.queueArea(.descriptors, high: true)
    case 40: return device.queueArea(.driver, high: false)
    case 44: return device.queueArea(.driver, high: true)
    case 48: return device.queueArea(.device, high: false)
    case 52: return device.queueArea(.device, high: true)
    default: return 0
    }
  }

  private func storeCommon(_ offset: Int, _ value: UInt32) {
    switch offset {
    case 0: device.selectors.deviceFeatures = value
    case 8: device.selectors.driverFeatures = value
    case 12: device.writeFeatures(value, word: device.selectors.driverFeatures ?? 0)
    case 16:
      let vector = vector(value)
      messages?.configurationVector = vector
    case 26:
      let vector = vector(value)
      messages?.queueVectors[device.selectors.queue ?? 0] = vector
    case 20: device.writeStatus(UInt8(truncatingIfNeeded: value))
    case 22: device.selectors.queue = value
    case 24: device.setQueueSize(value)
    case 28:
      if value == 1 { device.enableQueue() } else { device.record("queue_enable written as \(value)") }
    case 32, 36: device.setQueueArea(.descriptors, high: offset & 4 != 0, to: value)
    case 40, 44: device.setQueueArea(.driver, high: offset & 4 != 0, to: value)
    case 48, 52: device.setQueueArea(.device, high: offset & 4 != 0, to: value)
    default: device.record("common configuration written at \(hex(offset)): read-only")
    }
  }
}
