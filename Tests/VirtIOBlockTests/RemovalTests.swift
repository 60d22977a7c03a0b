import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// A disk that is pulled out while it is in use.
struct RemovalTests {
  /// Two reads that the device never sees: it ignores the bell, and then it is gone.
  private func pulledOut(_ body: (inout BlockDevice<Bus>, Disk) throws -> Void) throws {
    let disk = Disk()
    var device = try disk.bringUp()
    disk.device.hostility.ignoresNotifications = true
    for sector in 0..<2 as Range<UInt64> {
      guard case .accepted = device.startRead(sector: sector, into: try disk.memory.allocate(byteCount: 512)) else {
        Issue.record("refused")
        return
      }
    }
    device.publish()
    disk.device.hostility.isAbsent = true
    try body(&device, disk)
  }

  @Test func read_absentDevice_isTypedAndTheBufferComesBackOnRemoval() throws {
    let disk = Disk()
    do {
      var device = try disk.bringUp()
      disk.device.hostility.ignoresNotifications = true
      disk.device.hostility.isAbsent = true
      var waiter = TestWaiter(step: .milliseconds(100))
      var buffer = try disk.memory.allocate(byteCount: 512)
      #expect(throws: BlockError.deviceAbsent) { try device.read(sector: 0, into: &buffer, waiter: &waiter) }
      #expect(buffer.count == 0 && device.inFlight == 1)
      #expect(throws: BringupError.deviceAbsent) { try device.shutDown(waiter: &waiter) }
      if device.complete() != nil { Issue.record("a completion without a device") }
      device.deviceWasRemoved(unsafe DeviceRemoval())
      let result: BlockResult? = if let completion = device.complete() { completion.result } else { nil }
      #expect(result == .aborted)
      #expect(device.inFlight == 0)
    }
    #expect(disk.memory.buffersInUse == 0 && disk.memory.buffersLost == 0)
  }

  @Test func removal_saidByTheBus_returnsEveryBuffer() throws {
    var results: [BlockResult] = []
    var memory: TestMemory?
    try pulledOut { device, disk in
      memory = disk.memory
      device.deviceWasRemoved(unsafe DeviceRemoval())
      while let completion = device.complete() { results.append(completion.result) }
      guard case .refused(let refusal, _) = device.startRead(sector: 0, into: try disk.memory.allocate(byteCount: 512))
      else {
        Issue.record("a device that is not there took a request")
        return
      }
      #expect(refusal == .queue(.queueFailed))
    }
    #expect(results == [.aborted, .aborted])
    #expect(memory?.buffersInUse == 0 && memory?.buffersLost == 0)
  }

  /// Ones alone prove nothing: a device that only pretends may still write.
  @Test func drop_withoutWordFromTheBus_losesWhatTheDeviceHad() throws {
    var memory: TestMemory?
    try pulledOut { device, disk in memory = disk.memory }
    let lost = try #require(memory).buffersLost
    #expect(lost >= 2)
    #expect(memory?.buffersInUse == lost)
  }
}
