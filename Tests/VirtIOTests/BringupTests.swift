import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// Ways in which bring-up and configuration reads end. The whole register traces are golden tests of the transports.
struct BringupTests {
  typealias Bus = MMIOTransport<ScriptedMMIORegisters, TestMemory>

  /// A device with one queue, and a bring-up that may be spoilt.
  struct Attempt {
    let heap = DeviceHeap()
    let device: ScriptedDevice
    let memory: TestMemory

    init(size: UInt32 = 8, features: FeatureSet = [], configuration: [UInt8] = [], isLegacy: Bool = false) {
      device = ScriptedDevice(
        type: .console, features: features, queueSizes: [size], configuration: configuration, heap: heap,
        isLegacy: isLegacy)
      memory = TestMemory(heap: heap)
    }

    func transport(byteCount: Int = 0x200) throws(TransportError) -> Bus {
      try Bus(registers: ScriptedMMIORegisters(device: device, byteCount: byteCount), memory: memory)
    }

    /// The error of a bring-up.
    func bringUp(
      as type: DeviceType = .console, _ features: DriverFeatures = DriverFeatures(wanted: []),
      options: QueueOptions = QueueOptions(), waiter: inout TestWaiter
    ) throws -> BringupError? {
      var transport = try transport()
      do throws(BringupError) {
        _ = try transport.bringUp(as: type, features: features, waiter: &waiter, timeout: .seconds(1)) {
          transport, features throws(BringupError) in try transport.makeQueue(0, options, features: features)
        }
        return nil
      } catch { return error }
    }

    /// The status values that the driver wrote.
    var statusWrites: [UInt32] { device.trace.entries.filter { !$0.isLoad && $0.offset == 0x70 }.map(\.value) }
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Feature Bits 3, 6
  // SPEC: drivernormative:General Initialization And Device Operation / Device Initialization 4
  @Test(arguments: [false, true])
  func bringUp_requiredFeatureMissing_endsWithFailedBeforeAnyFeatureIsWritten(isLegacy: Bool) throws {
    let attempt = Attempt(isLegacy: isLegacy)
    var waiter = TestWaiter()
    let features = DriverFeatures(wanted: [], required: FeatureSet(bit: 7))
    let error = try attempt.bringUp(features, waiter: &waiter)
    #expect(error == .featuresMissing(FeatureSet(bit: 7)))
    #expect(attempt.statusWrites == [0, 1, 3, 0x83])
    #expect(attempt.device.trace.entries.allSatisfy { $0.isLoad || $0.offset != 0x20 })
    #expect(attempt.device.violations == [])
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Feature Bits 3
  // SPEC: sec:... / Feature Bits / Legacy Interface: A Note on Feature Bits 1
  @Test func bringUp_modernDeviceWithoutVersion1_isRefused() throws {
    let attempt = Attempt()
    attempt.device.offeredFeatures = .eventIndex
    var waiter = TestWaiter()
    let error = try attempt.bringUp(waiter: &waiter)
    #expect(error == .featuresMissing(.version1))
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Feature Bits 1
  @Test func bringUp_onlyWantedFeatures_areAccepted() throws {
    let attempt = Attempt(features: [.eventIndex, .ringReset])
    var waiter = TestWaiter()
    let wanted: FeatureSet = [.eventIndex, .indirectDescriptors, .packedRing]
    let error = try attempt.bringUp(DriverFeatures(wanted: wanted), waiter: &waiter)
    #expect(error == nil)
    #expect(attempt.device.settledFeatures == [.eventIndex, .version1])
    #expect(attempt.device.violations == [])
  }

  @Test func bringUp_otherType_touchesNothing() throws {
    let attempt = Attempt()
    var waiter = TestWaiter()
    let error = try attempt.bringUp(as: .block, waiter: &waiter)
    #expect(error == .wrongDeviceType(found: .console, expected: .block))
    #expect(attempt.statusWrites == [])
  }

  @Test(arguments: [false, true])
  func bringUp_resetThatNeverEnds_givesUpAtTheDeadline(isLegacy: Bool) throws {
    let attempt = Attempt(isLegacy: isLegacy)
    attempt.device.setStatus([.acknowledge, .driver, .driverOK])
    attempt.device.hostility.neverResets = true
    var waiter = TestWaiter(step: .milliseconds(300))
    let start = waiter.now
    let error = try attempt.bringUp(waiter: &waiter)
    #expect(error == .resetTimedOut(status: 7))
    #expect(waiter.now == start + .seconds(1))
    #expect(attempt.statusWrites == [0, 0x87])
  }

  @Test(arguments: [false, true])
  func bringUp_absentDevice_saysSoAtOnce(isLegacy: Bool) throws {
    let attempt = Attempt(isLegacy: isLegacy)
    let transport = try attempt.transport()
    attempt.device.hostility.isAbsent = true
    var waiter = TestWaiter(step: .milliseconds(300))
    let start = waiter.now
    #expect(throws: BringupError.deviceAbsent) { try transport.reset(waiter: &waiter, timeout: .seconds(1)) }
    #expect(waiter.now == start)
    let isReset = transport.reset(attempts: 1_000_000) != nil
    #expect(!isReset)
    #expect(attempt.statusWrites == [0, 0])
  }

  @Test func bringUp_queueStaysDisabled_endsWithFailedAndKeepsTheMemoryFromReuse() throws {
    let attempt = Attempt()
    attempt.device.hostility.queuesStayDisabled = true
    var waiter = TestWaiter()
    let error = try attempt.bringUp(waiter: &waiter)
    #expect(error == .transport(.queueNotEnabled(index: 0)))
    #expect(attempt.statusWrites == [0, 1, 3, 0xb, 0x8b])
    // The device was told where the ring is, and was not reset since: the ring is lost, not used again.
    #expect(attempt.heap.reservationCount == 1)
    #expect(attempt.device.violations == [])
  }

  @Test func bringUp_queueTooSmallForAChain_endsWithFailed() throws {
    let attempt = Attempt(size: 2)
    var waiter = TestWaiter()
    let error = try attempt.bringUp(options: blockLike(), waiter: &waiter)
    #expect(error == .queueTooSmall(index: 0, size: 2, needed: 3))
    #expect(attempt.device.status.contains(.failed))
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 12
  // SPEC: drivernormative:... / Common configuration structure layout 3
  @Test(arguments: [(100, 64), (64, 64), (1, 1), (0, 1), (1000, 256)])
  func layout_wishedSize_isRoundedDown(wish: Int, expected: Int) throws {
    for isLegacy in [false, true] {
      let transport = try Attempt(size: 256, isLegacy: isLegacy).transport()
      let layout = try transport.layout(ofQueue: 0, QueueOptions(maximumSize: wish), features: [])
      #expect(layout.ring.size == expected)
      #expect(layout.ringAlignment == (isLegacy ? 4096 : 64))
    }
  }

  // MARK: Configuration

  @Test func configuration_tooShort_isRefusedWithoutAnyRead() throws {
    let attempt = Attempt(configuration: [1, 2, 3, 4])
    let transport = try attempt.transport(byteCount: 0x104)
    attempt.device.trace.clear()
    let error = failure { () throws(ConfigurationError) in
      _ = try transport.readConfiguration(byteCount: 8) { $0.readConfiguration64(at: 0) }
    }
    #expect(error == .tooShort(byteCount: 4, needed: 8))
    #expect(attempt.device.trace.text == "")
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space 1
  @Test func configuration_ofALegacyDevice_isReadUntilTwoReadsAgree() throws {
    let attempt = Attempt(configuration: Array(repeating: 1, count: 8), isLegacy: true)
    // Three accesses change what the fourth and later see.
    attempt.device.hostility.configurationChanges = 3
    let transport = try attempt.transport()
    attempt.device.trace.clear()
    let value = try transport.readConfiguration(byteCount: 8) { $0.readConfiguration64(at: 0) }
    #expect(value == 0x0404_0404_0404_0404)
    #expect(attempt.device.trace.entries.count == 8)
  }

  @Test(arguments: [false, true])
  func configuration_thatNeverSettles_isGivenUp(isLegacy: Bool) throws {
    let attempt = Attempt(configuration: Array(repeating: 1, count: 8), isLegacy: isLegacy)
    attempt.device.hostility.configurationChanges = .max
    let transport = try attempt.transport()
    attempt.device.trace.clear()
    let error = failure { () throws(ConfigurationError) in
      _ = try transport.readConfiguration(byteCount: 8) { $0.readConfiguration64(at: 0) }
    }
    #expect(error == .unsettled(attempts: 32))
    #expect(attempt.device.trace.entries.count <= 132)
  }

  @Test func featureWords_ofEachBit_areThatBit() {
    for bit in 0..<128 {
      let set = FeatureSet(bit: bit)
      for word in 0..<4 {
        #expect(set.word(word) == (word == bit / 32 ? 1 << UInt32(bit % 32) : 0))
      }
      #expect(FeatureSet(word: bit / 32, 1 << UInt32(bit % 32)) == set)
    }
    #expect(FeatureSet.version1.word(1) == 1)
    #expect(([.eventIndex, .version1] as FeatureSet).hexadecimal == "0x120000000")
  }
}
