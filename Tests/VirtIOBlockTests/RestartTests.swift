import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOTestSupport

/// A disk that is brought up anew does what it had not finished, once.
struct RestartTests {
  /// Starts reads of these sectors and publishes them.
  private func start(_ sectors: [UInt64], _ block: inout BlockDevice<Bus>, _ disk: Disk) throws -> [Token: UInt64] {
    var result: [Token: UInt64] = [:]
    for sector in sectors {
      switch block.startRead(sector: sector, into: try disk.memory.allocate(byteCount: 512)) {
      case .accepted(let token): result[token] = sector
      case .refused(let reason, _): throw reason
      }
    }
    block.publish()
    return result
  }

  /// Takes everything that is over; each must be known, be done, and hold its sector's bytes.
  private func take(_ expected: inout [Token: UInt64], _ block: inout BlockDevice<Bus>) {
    while let completion = block.complete() {
      let (token, result) = (completion.token, completion.result)
      let bytes = completion.takeBuffer().array(512)
      guard let sector = expected.removeValue(forKey: token) else {
        Issue.record("request \(token) answered twice, or never made")
        continue
      }
      #expect(result == .done)
      #expect(bytes == BlockModel.pattern(sector))
    }
  }

  @Test(arguments: [FeatureSet(), [.indirectDescriptors, .eventIndex]], [false, true])
  func restart_whatIsInFlight_isDoneOnce(features: FeatureSet, isLegacy: Bool) throws {
    let disk = Disk(features: features, isLegacy: isLegacy)
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    for round in 0..<3 as Range<UInt64> {
      disk.device.setManual(true)
      var expected = try start([1, 2, 3, 4].map { $0 + 10 * round }, &block, disk)
      disk.device.poll()
      // One is over, another one too, but nobody has looked yet.
      disk.device.complete(at: 2)
      take(&expected, &block)
      disk.device.complete(at: 0)
      #expect(expected.count == 3)
      #expect(try block.restart(waiter: &waiter) == 2)
      #expect(block.inFlight == 3)
      disk.device.setManual(false)
      disk.device.poll()
      disk.device.completeAll()
      take(&expected, &block)
      #expect(expected.isEmpty)
      #expect(block.inFlight == 0)
    }
    #expect(block.fault == nil)
  }

  @Test func restart_afterTheRulesWereBroken_restoresService() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    disk.device.setManual(true)
    var expected = try start([5, 6, 7], &block, disk)
    disk.device.poll()
    disk.device.jumpUsedIndex(by: 9)
    // The fault shows, and one buffer comes back unfinished.
    guard let aborted = block.complete() else { throw BlockRefusal.readOnly }
    #expect(aborted.result == .aborted)
    #expect(expected.removeValue(forKey: aborted.token) != nil)
    #expect(block.fault != nil)
    #expect(try block.restart(waiter: &waiter) == 2)
    #expect(block.fault == nil)
    disk.device.poll()
    disk.device.completeAll()
    take(&expected, &block)
    #expect(expected.isEmpty)
  }

  @Test func restart_leavesNoSlotOut() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    disk.device.setManual(true)
    // Lists leave chains of another length behind.
    for sizes in [[512, 512], [512, 512, 512]] {
      guard case .accepted = block.startRead(sector: 0, into: try disk.segments(sizes)) else {
        throw BlockRefusal.readOnly
      }
    }
    block.publish()
    disk.device.poll()
    #expect(try block.restart(waiter: &waiter) == 2)
    disk.device.poll()
    disk.device.completeAll()
    while let completion = block.complete() { #expect(completion.result == .done) }
    var expected: [Token: UInt64] = [:]
    for sector in 0..<UInt64(block.capacity) { expected.merge(try start([sector], &block, disk)) { $1 } }
    #expect(expected.count == block.capacity)
    #expect(block.inFlight == block.capacity)
    disk.device.poll()
    disk.device.completeAll(order: .oldestFirst)
    take(&expected, &block)
    #expect(expected.isEmpty)
  }

  @Test func restart_whatWasSubmittedAndNotPublished_isDoneToo() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    guard case .accepted(let token) = block.startRead(sector: 3, into: try disk.memory.allocate(byteCount: 512)) else {
      throw BlockRefusal.readOnly
    }
    #expect(try block.restart(waiter: &waiter) == 1)
    var expected = [token: UInt64(3)]
    take(&expected, &block)
    #expect(expected.isEmpty)
  }

  @Test func restart_ofADiskThatTakesFewerSegments_givesEverythingBack() throws {
    let disk = Disk()
    var block = try disk.bringUp()
    var waiter = TestWaiter(step: .milliseconds(100))
    disk.device.setManual(true)
    let before = try start([1, 2], &block, disk)
    disk.configure(at: 12, 1, byteCount: 4)
    #expect(
      failure { () throws(BringupError) in _ = try block.restart(waiter: &waiter) }
        == .configuration(.invalid(field: ConfigurationField("seg_max"), value: 1)))
    var after: Set<Token> = []
    while let completion = block.complete() {
      #expect(completion.result == .aborted)
      after.insert(completion.token)
    }
    #expect(after == Set(before.keys))
  }
}
