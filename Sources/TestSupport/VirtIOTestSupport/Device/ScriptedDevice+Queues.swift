import VirtIO

/// Setting queues up.
///
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over MMIO / MMIO Device Register Layout
/// SPEC: drivernormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration
/// structure layout
extension ScriptedDevice {
  enum Area {
    case descriptors
    case driver
    case device
  }

  /// The selected queue's number; nil, and recorded, when there is none.
  func selectedQueue(_ what: String) -> Int? {
    guard let selected = selectors.queue else {
      record("\(what) accessed before a queue was selected")
      return nil
    }
    return selected < queues.count ? Int(selected) : nil
  }

  /// The selected queue's number for a write of its set-up; nil, and recorded, when that is not allowed now.
  private func queueToConfigure(_ what: String) -> Int? {
    guard let index = selectedQueue(what) else {
      if let selected = selectors.queue { record("\(what) of queue \(selected) written, which does not exist") }
      return nil
    }
    if queues[index].isEnabled {
      record("\(what) of queue \(index) written while the queue is enabled")
      return nil
    }
    if !status.contains(isLegacy ? .driver : .featuresOK) {
      record("\(what) of queue \(index) written before \(isLegacy ? "DRIVER" : "FEATURES_OK")")
    }
    if status.contains(.driverOK) && !acceptedFeatures.contains(.ringReset) {
      record("\(what) of queue \(index) written after DRIVER_OK")
    }
    return index
  }

  func queueMaximum() -> UInt32 {
    guard let index = selectedQueue("the queue's maximum size") else { return 0 }
    if isLegacy && queues[index].pageNumber != 0 {
      record("the maximum size of queue \(index) read while the queue is in use")
    }
    return hostility.queueMaximum ?? queues[index].maximumSize
  }

  func setQueueSize(_ value: UInt32) {
    guard let index = queueToConfigure("the size") else { return }
    let maximum = hostility.queueMaximum ?? queues[index].maximumSize
    guard value > 0, value <= maximum, value <= 32768, value & (value - 1) == 0 else {
      return record("size \(value) for queue \(index), expected a power of two up to \(maximum)")
    }
    queues[index].size = UInt16(value)
  }

  func setQueueArea(_ area: Area, high: Bool, to value: UInt32) {
    guard let index = queueToConfigure("the address") else { return }
    func replace(_ address: inout UInt64) {
      address =
        high ? address & 0xffff_ffff | UInt64(value) << 32 : address & 0xffff_ffff_0000_0000 | UInt64(value)
    }
    switch area {
    case .descriptors: replace(&queues[index].descriptorArea)
    case .driver: replace(&queues[index].driverArea)
    case .device: replace(&queues[index].deviceArea)
    }
  }

  /// PCI: queue_size, which reads as the maximum until the driver writes it.
  func chosenQueueSize() -> UInt32 {
    guard let index = selectedQueue("the queue's size") else { return 0 }
    return queues[index].size != 0 ? UInt32(queues[index].size) : queueMaximum()
  }

  /// PCI: the addresses can be read.
  func queueArea(_ area: Area, high: Bool) -> UInt32 {
    guard let index = selectedQueue("the queue's address") else { return 0 }
    let address =
      switch area {
      case .descriptors: queues[index].descriptorArea
      case .driver: queues[index].driverArea
      case .device: queues[index].deviceArea
      }
    return UInt32(truncatingIfNeeded: high ? address >> 32 : address)
  }

  func queueEnabled() -> UInt32 {
    guard let index = selectedQueue("the queue's ready bit") else { return 0 }
    return hostility.queuesInUse || queues[index].isEnabled ? 1 : 0
  }

  /// Modern: 1 written to QueueReady or queue_enable.
  func enableQueue() {
    guard let index = queueToConfigure("the ready bit") else { return }
    if hostility.queuesStayDisabled { return }
    if checkAreas(ofQueue: index) { queues[index].isEnabled = true }
  }

  /// MMIO: 0 written to QueueReady, or a queue reset.
  func disableQueue() {
    guard let index = selectedQueue("the queue's ready bit") else { return }
    queues[index].reset()
  }

  // MARK: Legacy

  func legacyPageNumber() -> UInt32 {
    guard let index = selectedQueue("the page number") else { return 0 }
    return hostility.queuesInUse ? 1 : queues[index].pageNumber
  }

  func setLegacyPageNumber(_ value: UInt32) {
    if value == 0 { return disableQueue() }
    guard let index = queueToConfigure("the page number") else { return }
    if hostility.queuesStayDisabled { return }
    guard progress.pageSize != 0 else { return record("the page number written before the page size") }
    let alignment = UInt64(queues[index].alignment)
    guard alignment >= 4, alignment & (alignment - 1) == 0 else {
      return record("used ring alignment \(alignment) for queue \(index), expected a power of two")
    }
    placeLegacyQueue(index, at: UInt64(value) * UInt64(progress.pageSize), alignment: alignment)
    if checkAreas(ofQueue: index) {
      queues[index].pageNumber = value
      queues[index].isEnabled = true
    }
  }

  private func placeLegacyQueue(_ index: Int, at start: UInt64, alignment: UInt64) {
    let size = UInt64(queues[index].size)
    queues[index].descriptorArea = start
    queues[index].driverArea = start + 16 * size
    queues[index].deviceArea = (start + 18 * size + 6 + alignment - 1) & ~(alignment - 1)
  }

  // MARK: Addresses

  /// SPEC: drivernormative:Basic Facilities of a Virtio Device / Virtqueues
  private func checkAreas(ofQueue index: Int) -> Bool {
    let queue = queues[index]
    guard queue.size != 0 else {
      record("queue \(index) enabled without a size")
      return false
    }
    let size = Int(queue.size)
    let areas: [(name: String, address: UInt64, byteCount: Int, alignment: UInt64)] = [
      ("descriptor area", queue.descriptorArea, 16 * size, 16), ("driver area", queue.driverArea, 6 + 2 * size, 2),
      ("device area", queue.deviceArea, 6 + 8 * size, 4),
    ]
    let before = violations.count
    for area in areas {
      if area.address & (area.alignment - 1) != 0 {
        record("\(area.name) of queue \(index) at \(hex(area.address)), expected a multiple of \(area.alignment)")
      }
      do {
        _ = try heap.locate(area.address, byteCount: area.byteCount, writing: area.name == "device area")
      } catch { record("\(area.name) of queue \(index): \(error.words)") }
    }
    for (first, second) in [(0, 1), (0, 2), (1, 2)] {
      let (a, b) = (areas[first], areas[second])
      let (low, high) = a.address <= b.address ? (a, b) : (b, a)
      if high.address - low.address < UInt64(low.byteCount) {
        record("\(a.name) and \(b.name) of queue \(index) overlap")
      }
    }
    return violations.count == before
  }
}
