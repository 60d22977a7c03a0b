import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOBlock
import VirtIOPCI
import VirtIOTestSupport

/// Clauses of the PCI transport that no other test is about.
struct ClauseTests {
  // SPEC: drivernormative:... / PCI Device Discovery 3
  @Test(arguments: [0, 1, 2, 0x7f, 0xff] as [UInt32])
  func open_anyRevision_isTaken(revision: UInt32) throws {
    let bench = network()
    bench.lie(revision, 1, at: 0x08)
    #expect(try bench.refusal() == nil)
  }

  // SPEC: not used: vendor data capability, PCI configuration access capability
  @Test(arguments: [5, 9] as [UInt32])
  func open_capabilitiesOfNoUse_areReadNoFurtherThanTheirType(type: UInt32) throws {
    let bench = network()
    bench.lie(type, 1, at: Capability.access + 3)
    let transport = try bench.transport()
    _ = transport.readStatus()
    let touched = bench.device.trace.entries.filter {
      $0.space == "config " && $0.offset >= Capability.access + 4 && $0.offset < Capability.access + 20
    }
    #expect(touched.map(\.words) == [])
  }

  // SPEC: drivernormative:... / Common configuration structure layout 5
  @Test func reset_thatTakesItsTime_isWaitedFor() throws {
    let bench = Bench { EntropyModel().makeDevice(heap: $0) }
    bench.device.setStatus(.acknowledge)
    bench.device.hostility.slowResetReads = 5
    var transport = try bench.transport()
    var waiter = TestWaiter(step: .milliseconds(1))
    bench.device.trace.clear()
    _ = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    #expect(
      bench.device.trace.text.hasPrefix(
        "store8 0x014 <- 0x0\n" + String(repeating: "load8 0x014 -> 0x1\n", count: 5)
          + "load8 0x014 -> 0x0\nload8 0x014 -> 0x0\nstore8 0x014 <- 0x1\n"))
    #expect(bench.device.violations == [])
  }

  /// Queues whose bells are not in the queues' order.
  // SPEC: drivernormative:... / Virtio Over PCI Bus / PCI-specific Initialization And Device Operation / Available Buffer Notifications 1, 3
  @Test func doorbell_offsetOtherThanTheIndex_isFollowed() throws {
    let bench = network()
    bench.function.notifyOffsets = [2, 0, 1]
    let transport = try bench.transport()
    bench.device.setStatus(.driverOK)
    bench.device.trace.clear()
    for queue in 0..<3 as Range<UInt16> { try transport.makeDoorbell(queue: queue).ring() }
    #expect(
      bench.device.trace.entries.filter { !$0.isLoad && $0.offset >= 0x3000 }.map(\.words)
        == ["store16 0x3008 <- 0x0", "store16 0x3000 <- 0x1", "store16 0x3004 <- 0x2"])
    #expect(bench.device.notifications == [0, 1, 2])
  }

  // SPEC: drivernormative:... / PCI-specific Initialization And Device Operation / Notification of Device Configuration Changes 1
  @Test func interrupt_forBothReasons_tellsBoth() throws {
    let model = BlockModel(sectors: 8)
    let bench = Bench { model.makeDevice(features: [], heap: $0) }
    var waiter = TestWaiter()
    var block = try BlockDevice(try bench.transport(), waiter: &waiter)
    let isReady = block.arm()
    #expect(!isReady)
    if case .refused = block.startRead(sector: 0, into: try bench.memory.allocate(byteCount: 512)) {
      Issue.record("refused")
    }
    block.publish()
    model.resize(sectors: 16, on: bench.device)
    #expect(block.makeInterruptHandle().handleInterrupt())
    #expect(block.mailbox.take() == [.usedBuffers, .configurationChanged])
    let isDone = block.complete()?.result == .done
    #expect(isDone)
    let isChanged = try block.refreshGeometry()
    #expect(isChanged && block.geometry.sectorCount == 16)
  }

  /// A device that offers all 128 bits: accepted are those that the driver knows and that hang together.
  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Feature Bits 2, 4, 5, 7
  // SPEC: drivernormative:Device Types / Block Device / Device Initialization 2
  // SPEC: not used: VIRTIO_F_RING_RESET, VIRTIO_F_SUSPEND, VIRTIO_F_ACCESS_PLATFORM, VIRTIO_F_ORDER_PLATFORM,
  // VIRTIO_F_SR_IOV, VIRTIO_F_IN_ORDER, VIRTIO_F_RING_PACKED, VIRTIO_F_ADMIN_VQ, VIRTIO_F_NOTIFICATION_DATA,
  // VIRTIO_F_NOTIF_CONFIG_DATA, VIRTIO_BLK_F_CONFIG_WCE, VIRTIO_BLK_F_DISCARD, VIRTIO_BLK_F_WRITE_ZEROES,
  // VIRTIO_BLK_F_SECURE_ERASE, VIRTIO_BLK_F_ZONED, VIRTIO_BLK_F_SCSI
  @Test(arguments: [false, true])
  func block_deviceThatOffersEverything_getsWhatIsKnown(isLegacy: Bool) throws {
    let model = BlockModel(sectors: 8)
    let bench = Bench { model.makeDevice(heap: $0, isLegacy: isLegacy) }
    bench.device.offeredFeatures = FeatureSet(rawValue: .max)
    var options = BlockOptions()
    options.features = FeatureSet(rawValue: .max)
    bench.device.changeConfiguration(at: 8, to: [0, 2, 0, 0])
    bench.device.changeConfiguration(at: 20, to: [0, 2, 0, 0])
    var waiter = TestWaiter()
    let block = try BlockDevice(try bench.transport(), options: options, waiter: &waiter)
    // SIZE_MAX, SEG_MAX, RO, BLK_SIZE, FLUSH, INDIRECT_DESC, EVENT_IDX; then VERSION_1, or ANY_LAYOUT.
    var known: FeatureSet = isLegacy ? .anyLayout : .version1
    for bit in [1, 2, 5, 6, 9, 28, 29] { known.insert(FeatureSet(bit: bit)) }
    #expect(block.features == known)
    #expect(bench.device.settledFeatures == block.features)
    #expect(bench.device.violations == [])
  }
}
