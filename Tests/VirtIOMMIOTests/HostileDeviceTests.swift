import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOTestSupport

/// Each way in which the scripted device misbehaves, and that the shipped driver notices.
struct HostileDeviceTests {
  private func disk() -> (Bench, BlockModel) {
    let model = BlockModel(sectors: 64)
    model.fillWithPattern()
    return (Bench { model.makeDevice(heap: $0) }, model)
  }

  /// One read on a device that was made hostile after bring-up.
  private func read(_ spoil: (ScriptedDevice) -> Void) throws -> (BlockError?, Bench) {
    let (bench, _) = disk()
    var waiter = TestWaiter(step: .milliseconds(100))
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    spoil(bench.device)
    var buffer = try bench.memory.allocate(byteCount: 512)
    let error = failure { () throws(BlockError) in try block.read(sector: 3, into: &buffer, waiter: &waiter) }
    return (error, bench)
  }

  @Test func read_goodDevice_succeeds() throws {
    let (error, bench) = try read { _ in }
    #expect(error == nil)
    #expect(bench.device.violations == [])
  }

  @Test(arguments: [1, 2, 127, 128, 65_535, 65_536, .max] as [UInt32])
  func read_foreignID_failsTheDevice(id: UInt32) throws {
    let (error, bench) = try read { $0.hostility.usedID = id }
    guard case .deviceFailed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bench.device.resetCount >= 2)
    #expect(bench.memory.buffersInUse == 0)
  }

  @Test func read_lengthTooLarge_isCutDown() throws {
    let (error, _) = try read { $0.hostility.usedLength = .max }
    #expect(error == nil)
  }

  // SPEC: drivernormative:... / The Virtqueue Used Ring 1
  @Test func read_lengthTooSmall_isIncomplete() throws {
    let (error, _) = try read { $0.hostility.usedLength = 100 }
    #expect(error == .failed(.incomplete(written: 100, expected: 512)))
  }

  @Test func read_statusUnwritten_isNoSuccess() throws {
    let (error, _) = try read { $0.hostility.leavesStatusUnwritten = true }
    guard case .failed(let result) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(result != .done)
  }

  @Test func read_notificationIgnored_timesOut() throws {
    let (error, bench) = try read { $0.hostility.ignoresNotifications = true }
    guard case .timedOut = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bench.device.notifications == [0])
    #expect(bench.memory.buffersInUse == 0)
  }

  @Test(arguments: [1, 2, 200, -1, -30_000] as [Int16])
  func usedIndexJump_failsTheDevice(distance: Int16) throws {
    let (bench, _) = disk()
    var waiter = TestWaiter()
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    bench.device.jumpUsedIndex(by: distance)
    let completion = block.complete() != nil
    #expect(!completion)
    #expect(block.fault != nil)
  }

  @Test func replayedElement_failsTheDevice() throws {
    let (bench, _) = disk()
    var waiter = TestWaiter()
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    bench.device.setManual(true)
    for sector in 0..<3 as Range<UInt64> {
      guard case .accepted = block.startRead(sector: sector, into: try bench.memory.allocate(byteCount: 512)) else {
        Issue.record("refused")
        return
      }
    }
    block.publish()
    bench.device.complete()
    bench.device.replayUsedElement()
    var results: [BlockResult] = []
    while let completion = block.complete() { results.append(completion.result) }
    #expect(results == [.done, .aborted, .aborted])
    #expect(block.fault != nil)
    #expect(bench.memory.buffersLost == 0)
  }

  /// Bring-up on a device that is hostile from the start.
  private func bringUp(_ spoil: (ScriptedDevice) -> Void) throws -> (BringupError?, Bench) {
    let (bench, _) = disk()
    spoil(bench.device)
    var waiter = TestWaiter(step: .milliseconds(100))
    let transport = try bench.transport()
    do throws(BringupError) {
      _ = try BlockDevice(transport, waiter: &waiter)
      return (nil, bench)
    } catch { return (error, bench) }
  }

  @Test func bringUp_deviceThatNeverResets_timesOut() throws {
    let (error, _) = try bringUp {
      $0.setStatus(.acknowledge)
      $0.hostility.neverResets = true
    }
    #expect(error == .resetTimedOut(status: 1))
  }

  @Test func bringUp_slowReset_succeeds() throws {
    let (error, bench) = try bringUp {
      $0.setStatus(.acknowledge)
      $0.hostility.slowResetReads = 5
    }
    #expect(error == nil)
    #expect(bench.device.violations == [])
  }

  // SPEC: drivernormative:General Initialization And Device Operation / Device Initialization 1, 4
  @Test func bringUp_refusedFeatures_endsWithFailed() throws {
    let (error, bench) = try bringUp { $0.hostility.refusesFeatures = true }
    guard case .featuresRefused = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bench.device.status == [.acknowledge, .driver, .failed])
    #expect(bench.device.violations == [])
  }

  /// Which of the features that the driver left the device insists on, as far as can be known; the control has none.
  @Test(arguments: [false, true]) func bringUp_refusedFeatures_namesTranslation(isOffered: Bool) throws {
    let (error, _) = try bringUp {
      if isOffered { $0.offeredFeatures.insert(.accessPlatform) }
      $0.hostility.refusesFeatures = true
    }
    guard case .featuresRefused(_, let left)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(left.contains(.accessPlatform) == isOffered)
    #expect(error?.words.contains("ACCESS_PLATFORM") == isOffered)
  }

  // SPEC: drivernormative:Reserved Feature Bits 1
  @Test func bringUp_aliasedFeatureWords_keepVersion1() throws {
    let (error, bench) = try bringUp { $0.hostility.aliasesFeatureWords = true }
    #expect(error == nil)
    #expect(bench.device.settledFeatures.contains(.version1))
    #expect(bench.device.violations == [])
  }

  @Test(arguments: [(5, 4), (100, 64), (65_535, 256), (65_536, 256), (.max, 256)] as [(UInt32, Int)])
  func bringUp_oddQueueLimit_isRoundedDown(limit: UInt32, expected: Int) throws {
    // The register holds a limit, not a size: a device may name any.
    let (error, bench) = try bringUp {
      $0.hostility.queueMaximum = limit
      $0.trace.isOn = true
    }
    #expect(error == nil)
    #expect(bench.device.trace.entries.last { $0.offset == 0x038 }?.value == UInt32(expected))
    #expect(bench.device.violations == [])
  }

  @Test func bringUp_noQueue_endsWithFailed() throws {
    let (error, bench) = try bringUp { $0.hostility.queueMaximum = 0 }
    #expect(error == .queueMissing(index: 0))
    #expect(bench.device.status.contains(.failed))
    #expect(bench.memory.buffersInUse == 0)
    #expect(bench.device.violations == [])
  }

  @Test func bringUp_queueInUse_endsWithFailed() throws {
    let (error, bench) = try bringUp { $0.hostility.queuesInUse = true }
    #expect(error == .transport(.queueInUse(index: 0)))
    #expect(bench.device.status.contains(.failed))
  }

  @Test func bringUp_generationNeverSettles_endsWithFailed() throws {
    let (error, bench) = try bringUp { $0.hostility.generationNeverSettles = true }
    #expect(error == .configuration(.unsettled(attempts: 32)))
    #expect(bench.device.status.contains(.failed))
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space 1
  @Test func configuration_changedBetweenTwoReads_isReadAgain() throws {
    let model = BlockModel(sectors: 0x100)
    let bench = Bench { model.makeDevice(heap: $0) }
    bench.device.hostility.configurationChanges = 1
    // After the first half: 0x100, and then 0x0101...: a torn value would be 0x01010101_00000100.
    let transport = try bench.transport()
    let capacity = try transport.readConfiguration(byteCount: 8) { $0.readConfiguration64(at: 0) }
    #expect(capacity == 0x0101_0101_0101_0201)
    #expect(bench.device.violations == [])
  }

  @Test func bringUp_deviceNeedsReset_endsWithFailed() throws {
    let (error, bench) = try bringUp { device in
      // The device gives up while the driver reads its configuration.
      device.onConfigurationRead = { device.raiseNeedsReset() }
    }
    guard case .deviceFailed = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bench.device.status.contains(.failed))
    #expect(bench.device.violations == [])
  }

  @Test func bringUp_noMemory_endsWithFailed() throws {
    let (bench, _) = disk()
    bench.heap.failShares(1)
    var waiter = TestWaiter()
    let transport = try bench.transport()
    do throws(BringupError) {
      _ = try BlockDevice(transport, waiter: &waiter)
      Issue.record("brought up without memory")
    } catch {
      guard case .memory(.notShareable) = error else {
        Issue.record("\(error)")
        return
      }
    }
    #expect(bench.device.status.contains(.failed))
    #expect(bench.heap.reservationCount == 0)
  }
}
