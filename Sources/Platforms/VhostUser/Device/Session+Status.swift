import DevicePlatform
import VirtIO

extension Session {
  /// The device status. Most back-ends keep none: then it is kept here, and the bits of the back-end's side come from
  /// what became of the messages.
  mutating func readStatus() -> DeviceStatus {
    if !stopping.isEmpty, !isStopped() { return .deviceNeedsReset }
    noticeEnd()
    if failure == nil, protocolFeatures.contains(.status) {
      // Past the deadline of a reset it is not asked again: there are drivers that ask without a clock.
      if isZeroAwaited, LinuxClock().now >= stoppingDeadline { return .deviceNeedsReset }
      if let number = try? askNumber(.getStatus) {
        let found = DeviceStatus(rawValue: UInt8(truncatingIfNeeded: number))
        if found == [] { isZeroAwaited = false }
        return found
      }
    }
    // After a reset nothing is left to go wrong: 0 is the truth even without a back-end.
    return failure == nil || status == [] ? status : status.union(.deviceNeedsReset)
  }

  mutating func writeStatus(_ new: DeviceStatus) {
    if new == [] { return reset() }
    isZeroAwaited = false
    let added = new.subtracting(status)
    if added.contains(.featuresOK), !settleFeatures() { return tellStatus(new.subtracting(.featuresOK)) }
    if added.contains(.driverOK) { setQueuesEnabled(true) }
    tellStatus(new)
  }

  private mutating func tellStatus(_ new: DeviceStatus) {
    status = new
    guard failure == nil, protocolFeatures.contains(.status) else { return }
    // What goes wrong is kept as the connection's failure; a refusal shows when the status is read.
    _ = try? ask(.setStatus, .longWord(UInt64(new.rawValue)))
  }

  /// - Returns: whether the back-end takes what the driver accepts.
  private mutating func settleFeatures() -> Bool {
    let own = hasProtocolFeatures ? Self.protocolFeaturesBit : 0
    guard (try? ask(.setFeatures, .longWord(driverFeatures | own))) != nil else { return false }
    settledFeatures = driverFeatures
    return true
  }

  /// Stops all queues. The device is reset when everything that the back-end took has been used.
  private mutating func reset() {
    observeRings(isLate: true)
    if failure == nil {
      setQueuesEnabled(false)
      for index in queues.indices {
        guard let areas = queues[index].areas else { continue }
        guard let base = try? stop(queues[index].index) else { break }
        stopping.append((areas.device, base))
      }
    }
    if failure != nil {
      // It cannot be told to stop: until it has hung up, it may go on with what it has, that of earlier resets included.
      stopping += queues.compactMap { queue in queue.areas.map { ($0.device, 0) } }
    }
    isZeroAwaited = true
    stoppingDeadline = LinuxClock().now + options.timeout
    for index in queues.indices { queues[index].areas = nil }
    tellStatus([])
  }

  private mutating func stop(_ index: UInt16) throws(VhostUserError) -> UInt16 {
    let answer = try ask(.getRingBase, .ring(index, 0))
    guard answer.count == 8 else {
      throw failed(.wrongSize(request: .getRingBase, found: answer.count, expected: 8))
    }
    return UInt16(truncatingIfNeeded: answer.word(at: 4))
  }

  /// Whether the back-end has let go of the queues that were stopped. Looks for a millisecond at most.
  private mutating func isStopped() -> Bool {
    noticeEnd()
    if failure == nil { stopping = stopping.filter { usedIndex($0.device) != $0.base } }
    if isGone { stopping = [] }
    if stopping.isEmpty { return true }
    // Past the deadline the answer comes at once, so that whoever asks without a clock comes to an end.
    guard LinuxClock().now < stoppingDeadline, socket?.waitForEnd(within: .microseconds(500)) == true else {
      return false
    }
    noticeEnd()
    stopping = []
    return true
  }

  /// used.idx of a queue in shared memory.
  private func usedIndex(_ device: DeviceAddress) -> UInt16? {
    // In one of the regions, all of it, which stay mapped as long as they are known here.
    memory.localAddress(of: device.rawValue + 2, 2).map { unsafe memory.access.loadAcquiring16($0) }
  }
}
