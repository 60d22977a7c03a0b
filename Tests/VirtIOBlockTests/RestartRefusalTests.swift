import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// A disk that has come back as another one, which cannot do what is in flight.
struct RestartRefusalTests {
  /// Two reads in flight, a change, and a restart that must fail so; both buffers come back.
  private func expectRefusal(
    _ expected: BringupError, of disk: Disk = Disk(), _ change: (Disk) -> Void,
    location: SourceLocation = #_sourceLocation
  ) throws {
    do {
      var block = try disk.bringUp()
      var waiter = TestWaiter(step: .milliseconds(100))
      disk.device.setManual(true)
      for sector in 1...2 as ClosedRange<UInt64> {
        guard case .accepted = block.startRead(sector: sector, into: try disk.memory.allocate(byteCount: 512)) else {
          throw BlockRefusal.readOnly
        }
      }
      block.publish()
      change(disk)
      let error = failure { () throws(BringupError) in _ = try block.restart(waiter: &waiter) }
      #expect(error == expected, sourceLocation: location)
      #expect(disk.device.status.contains(.failed), sourceLocation: location)
      var results: [BlockResult] = []
      while let completion = block.complete() { results.append(completion.result) }
      #expect(results == [.aborted, .aborted], sourceLocation: location)
    }
    #expect(disk.memory.buffersInUse == 0 && disk.memory.buffersLost == 0, sourceLocation: location)
  }

  @Test func restart_fewerEntries_givesEverythingBack() throws {
    try expectRefusal(.queueTooSmall(index: 0, size: 8, needed: 16)) { $0.device.hostility.queueMaximum = 8 }
  }

  @Test func restart_smallerSegments_givesEverythingBack() throws {
    let error = BringupError.configuration(.invalid(field: ConfigurationField("size_max"), value: 511))
    // SIZE_MAX is bit 1.
    let disk = Disk(features: [.indirectDescriptors, .eventIndex, FeatureSet(bit: 1)])
    disk.configure(at: 8, 4096, byteCount: 4)
    try expectRefusal(error, of: disk) { $0.configure(at: 8, 511, byteCount: 4) }
  }

  @Test func restart_withoutAFeature_givesEverythingBack() throws {
    try expectRefusal(.featuresMissing(.eventIndex)) { $0.device.offeredFeatures.remove(.eventIndex) }
  }

  @Test func restart_queueInUse_givesEverythingBack() throws {
    try expectRefusal(.transport(.queueInUse(index: 0))) { $0.device.hostility.queuesInUse = true }
  }

  /// Told of the queue, then neither up nor reset: its memory is not used again. What was in flight was never shown to it.
  @Test func restart_deviceThatKeepsTheQueue_losesIt() throws {
    let disk = Disk()
    let queueBuffers: Int
    do {
      var block = try disk.bringUp()
      queueBuffers = disk.memory.buffersInUse
      var waiter = TestWaiter(step: .milliseconds(100))
      disk.device.setManual(true)
      guard case .accepted = block.startRead(sector: 1, into: try disk.memory.allocate(byteCount: 512)) else {
        throw BlockRefusal.readOnly
      }
      block.publish()
      disk.device.hostility.queuesStayDisabled = true
      #expect(failure { () throws(BringupError) in _ = try block.restart(waiter: &waiter) } != nil)
      #expect(block.complete()?.result == .aborted)
      disk.device.hostility.neverResets = true
    }
    #expect(disk.memory.buffersInUse == queueBuffers && disk.memory.buffersLost == queueBuffers)
  }
}
