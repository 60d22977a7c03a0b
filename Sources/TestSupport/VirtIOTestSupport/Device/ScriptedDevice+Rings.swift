import DevicePlatform
import VirtIO

/// Taking chains from the available ring.
///
/// SPEC: Basic Facilities of a Virtio Device / Split Virtqueues
extension ScriptedDevice {
  /// How the device answers on a queue.
  public func setHandler(queue index: Int, _ handler: @escaping Handler) { queues[index].handler = handler }

  /// Lets requests wait until the test completes them, or completes them as they come.
  public func setManual(_ isManual: Bool, queue index: Int = 0) { queues[index].isManual = isManual }

  /// How the device answers on a queue at present.
  public func handler(queue index: Int) -> Handler { queues[index].handler }

  /// Whether the requests of a queue wait for the test.
  public func isManual(queue index: Int) -> Bool { queues[index].isManual }

  /// Whether the device asks to be notified. Takes effect with the next chain.
  public func setWantsNotifications(_ wants: Bool, queue index: Int = 0) {
    queues[index].wantsNotifications = wants
    guard queues[index].isEnabled else { return }
    do throws(DeviceHeap.Fault) { try askForNotifications(index) } catch { fail("queue \(index): \(error.words)") }
  }

  /// The requests that the device has taken and not answered, oldest first.
  public func pending(queue index: Int = 0) -> [ScriptedRequest] { queues[index].pending }

  /// The size that the driver chose; 0 before.
  public func queueSize(_ index: Int) -> Int { Int(queues[index].size) }

  /// Whether the device may use a queue.
  public func isEnabled(queue index: Int) -> Bool { queues[index].isEnabled }

  /// Where the driver put a queue's descriptors, and whether the device still reaches all of the queue; nil while it is
  /// not enabled.
  public func memory(ofQueue index: Int) -> (descriptorArea: UInt64, isShared: Bool)? {
    let queue = queues[index]
    guard queue.isEnabled else { return nil }
    let size = Int(queue.size)
    let areas = [(queue.descriptorArea, 16 * size), (queue.driverArea, 6 + 2 * size), (queue.deviceArea, 6 + 8 * size)]
    let isShared = areas.allSatisfy { address, byteCount in
      (try? heap.locate(address, byteCount: byteCount, writing: address == queue.deviceArea)) != nil
    }
    return (queue.descriptorArea, isShared)
  }

  /// A doorbell was rung.
  func notify(queue index: UInt16) {
    notifications.append(index)
    guard Int(index) < queues.count else { return record("notification for queue \(index), which does not exist") }
    guard status.contains(.driverOK) else { return record("notification for queue \(index) before DRIVER_OK") }
    if status.contains(.failed) { return record("notification for queue \(index) after FAILED") }
    guard queues[Int(index)].isEnabled else {
      return record("notification for queue \(index), which is not enabled")
    }
    if hostility.ignoresNotifications || status.contains(.deviceNeedsReset) { return }
    if poll(queue: Int(index)) == 0 { emptyNotificationCount += 1 }
  }

  /// Looks for chains without being asked, as a device may at any time. Answers at once unless the queue is manual.
  ///
  /// - Returns: how many were taken.
  @discardableResult
  public func poll(queue index: Int = 0) -> Int {
    var taken = 0
    // Again after each round: a chain may have come before the request for notification was visible.
    while queues[index].isEnabled, status.contains(.driverOK), !status.contains(.deviceNeedsReset) {
      let round: Int
      do throws(DeviceHeap.Fault) {
        round = try takeAvailable(index)
      } catch {
        fail("queue \(index): \(error.words)")
        break
      }
      if round == 0 { break }
      taken += round
      while !queues[index].isManual, !queues[index].pending.isEmpty { complete(queue: index) }
    }
    return taken
  }

  private func takeAvailable(_ index: Int) throws(DeviceHeap.Fault) -> Int {
    let size = queues[index].size
    let area = queues[index].driverArea
    try checkDriverSide(index)
    let published = try load16(area + 2, acquiring: true)
    let count = published &- queues[index].nextAvailable
    if Int(count) + queues[index].pending.count > Int(size) {
      fail(
        "queue \(index): avail.idx went from \(queues[index].nextAvailable) to \(published) with "
          + "\(queues[index].pending.count) in flight, more than its size \(size)")
      return 0
    }
    for _ in 0..<count {
      let slot = UInt64(queues[index].nextAvailable & (size - 1))
      let head = try load16(area + 4 + 2 * slot)
      queues[index].nextAvailable &+= 1
      do throws(ChainFault) {
        let request = try parseChain(head: head, queue: index)
        queues[index].busy.formUnion(request.descriptors)
        queues[index].pending.append(request)
      } catch {
        fail("queue \(index), chain at descriptor \(head): \(error.words)")
        return 0
      }
    }
    if count != 0 { try askForNotifications(index) }
    return Int(count)
  }

  /// What the driver writes beside chains, and what it must leave alone.
  private func checkDriverSide(_ index: Int) throws(DeviceHeap.Fault) {
    let flags = try load16(queues[index].driverArea)
    if flags & ~(acceptedFeatures.contains(.eventIndex) ? 0 : 1) != 0 {
      record("queue \(index): avail.flags is \(hex(flags))")
    }
    let usedIndex = try load16(queues[index].deviceArea + 2, forWriting: true)
    if usedIndex != queues[index].usedIndex {
      record("queue \(index): used.idx is \(usedIndex), the device wrote \(queues[index].usedIndex)")
    }
  }

  /// Tells the driver whether, or from which chain on, the device wants to be notified.
  private func askForNotifications(_ index: Int) throws(DeviceHeap.Fault) {
    let queue = queues[index]
    if acceptedFeatures.contains(.eventIndex) {
      // One behind is as far away as can be: 65535 chains until the driver has to notify.
      let event = queue.wantsNotifications ? queue.nextAvailable : queue.nextAvailable &- 1
      try store16(event, queue.deviceArea + 4 + 8 * UInt64(queue.size))
    } else {
      try store16(queue.wantsNotifications ? 0 : 1, queue.deviceArea)
    }
    access.fence()
  }

  // MARK: Shared memory

  var access: DirectAccess { DirectAccess() }

  func load16(_ address: UInt64, acquiring: Bool = false, forWriting: Bool = false) throws(DeviceHeap.Fault) -> UInt16 {
    let place = try heap.locate(address, byteCount: 2, writing: forWriting)
    // Located above: two bytes of shared memory.
    return acquiring ? unsafe access.loadAcquiring16(place) : unsafe access.load16(place)
  }

  func store16(_ value: UInt16, _ address: UInt64, releasing: Bool = false) throws(DeviceHeap.Fault) {
    let place = try heap.locate(address, byteCount: 2, writing: true)
    if releasing { unsafe access.storeReleasing16(value, place) } else { unsafe access.store16(value, place) }
  }

  func store32(_ value: UInt32, _ address: UInt64) throws(DeviceHeap.Fault) {
    unsafe access.store32(value, try heap.locate(address, byteCount: 4, writing: true))
  }
}
