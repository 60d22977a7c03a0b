import DevicePlatform
import VirtIO

extension Session {
  /// Tells the back-end where the memory is: in one table, or region by region where it has slots for them.
  mutating func announceMemory() throws(VhostUserError) {
    if isMemoryAnnounced { return }
    mayHaveMemory = true
    if protocolFeatures.contains(.memorySlots) {
      for region in memory.regions {
        var message = MessageBytes()
        message.append(UInt64(0))
        message.append(region)
        try ask(.addMemoryRegion, message, descriptors: [region.descriptor])
      }
    } else {
      var message = MessageBytes()
      message.append(UInt32(memory.regions.count))
      message.append(UInt32(0))
      for region in memory.regions { message.append(region) }
      try ask(.setMemoryTable, message, descriptors: memory.regions.map(\.descriptor))
    }
    isMemoryAnnounced = true
  }

  /// The bell of a queue, made when it is asked for first.
  mutating func queue(_ index: UInt16) throws(VhostUserError) -> Int {
    if let position = queues.firstIndex(where: { $0.index == index }) { return position }
    let record = QueueRecord(index: index, kick: try EventCounter(), call: try EventCounter())
    if options.interrupts == .awaited { try poller.add(record.call) }
    queues.append(record)
    return queues.count - 1
  }

  /// Tells the back-end of a queue. Its memory is zeroed, or what an earlier back-end left: then it goes on from there.
  mutating func configure(_ index: UInt16, size: UInt16, areas: QueueAreas) throws(VhostUserError) {
    let position = try queue(index)
    try ask(.setRingSize, .ring(index, UInt32(size)))
    try ask(.setRingBase, .ring(index, 0))
    var addresses = MessageBytes.ring(index, 0)
    addresses.append(areas.descriptors.rawValue)
    addresses.append(areas.device.rawValue)
    addresses.append(areas.driver.rawValue)
    addresses.append(UInt64(0))
    try ask(.setRingAddresses, addresses)
    // Bit 8: no descriptor, the driver looks by itself.
    if options.interrupts != .none {
      try ask(.setRingCall, .longWord(UInt64(index)), descriptors: [queues[position].call.descriptor])
    } else {
      try ask(.setRingCall, .longWord(UInt64(index) | 1 << 8))
    }
    queues[position].areas = areas
    queues[position].size = size
    (queues[position].seenAvailable, queues[position].seenUsed) = (0, 0)
    try ask(.setRingKick, .longWord(UInt64(index)), descriptors: [queues[position].kick.descriptor])
  }

  /// Lets the back-end work on its queues, or not. Without protocol features queues work from their kick on.
  mutating func setQueuesEnabled(_ isEnabled: Bool) {
    guard hasProtocolFeatures else { return }
    for queue in queues where queue.areas != nil {
      // What goes wrong is kept as the connection's failure.
      guard (try? ask(.setRingEnabled, .ring(queue.index, isEnabled ? 1 : 0))) != nil else { return }
    }
  }
}

extension MessageBytes {
  /// A region as both of the messages about memory have it.
  mutating func append(_ region: MemoryRegion) {
    append(region.base)
    append(UInt64(region.byteCount))
    append(region.base)
    append(UInt64(0))
  }
}
