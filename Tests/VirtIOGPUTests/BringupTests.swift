import DevicePlatform
import Drawing
import Testing
import VirtIO
import VirtIOGPU
import VirtIOMMIO
import VirtIOTestSupport

struct BringupTests {
  @Test(arguments: [0, 17, 0xffff_ffff] as [UInt32]) func scanouts_noneOrTooMany_areRefused(_ count: UInt32) {
    let bench = Bench(told: count)
    #expect(
      failure { () throws(BringupError) in _ = try bench.open() }
        == .configuration(.invalid(field: ConfigurationField("num_scanouts"), value: UInt64(count))))
    #expect(bench.device.status.contains(.failed) && bench.memory.buffersInUse == 0)
  }

  @Test(arguments: [1, 16]) func scanouts_asManyAsCanBe_areThere(_ count: Int) throws {
    let bench = Bench(scanouts: count)
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      #expect(gpu.scanoutCount == count)
      let surface = try gpu.makeSurface(width: 4, height: 4, waiter: &waiter)
      try gpu.show(surface, onScanout: count - 1, waiter: &waiter)
      #expect(
        failure { () throws(GPUError) in try gpu.show(surface, onScanout: count, waiter: &waiter) }
          == .scanoutUnknown(index: count, count: count))
      #expect(
        failure { () throws(GPUError) in try gpu.hide(scanout: -1, waiter: &waiter) }
          == .scanoutUnknown(index: -1, count: count))
    }
    #expect(bench.isClean)
  }

  @Test(arguments: [true, false]) func queue_withoutRoomForTwoCommands_isRefused(_ indirect: Bool) {
    let bench = Bench(features: indirect ? [.indirectDescriptors] : [], queueSize: indirect ? 1 : 2)
    #expect(
      failure { () throws(BringupError) in _ = try bench.open() }
        == .queueTooSmall(index: 0, size: indirect ? 1 : 2, needed: indirect ? 2 : 4))
    #expect(bench.device.status.contains(.failed))
  }

  @Test func deviceOfAnotherType_isLeftAlone() throws {
    let heap = DeviceHeap()
    let device = EntropyModel().makeDevice(heap: heap)
    let transport = try Bus(registers: ScriptedMMIORegisters(device: device), memory: TestMemory(heap: heap))
    var waiter = TestWaiter()
    do throws(BringupError) {
      _ = try GPU(transport, waiter: &waiter)
      Issue.record("an entropy source was taken for a GPU")
    } catch {
      #expect(error == .wrongDeviceType(found: .entropy, expected: .gpu))
    }
    #expect(device.status == [])
  }

  // SPEC: not used: VIRTIO_GPU_F_VIRGL, VIRTIO_GPU_F_RESOURCE_BLOB, VIRTIO_GPU_F_BLOB_ALIGNMENT
  @Test func features_thatAreNotKnown_areNotAccepted() throws {
    let others = [0, 2, 3, 4, 5].map { FeatureSet(bit: $0) }.reduce(into: FeatureSet()) { $0.formUnion($1) }
    let bench = Bench(features: others.union(.GPU.edid))
    do {
      let gpu = try bench.open { $0.features.formUnion(others) }
      #expect(gpu.features == [.GPU.edid, .version1])
    }
    #expect(bench.isClean)
  }

  // SPEC: sec:Device Types / GPU Device / Device configuration layout 1
  @Test func displayEvent_isClearedAndToldOnce() throws {
    let bench = Bench(scanouts: 2)
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      #expect(try gpu.takeDisplayEvent() == false)
      #expect(try gpu.displays(waiter: &waiter)[0].area == Rectangle(x: 0, y: 0, width: 1280, height: 800))
      bench.model.displays[0] = [0, 0, 1024, 768, 1]
      bench.model.displays[1] = [1024, 0, 640, 480, 1]
      bench.model.raiseDisplayEvent()
      #expect(try gpu.takeDisplayEvent() == true)
      #expect(try gpu.takeDisplayEvent() == false)
      let displays = try gpu.displays(waiter: &waiter)
      #expect(displays.map(\.isEnabled) == [true, true] && displays.map(\.scanout) == [0, 1])
      #expect(displays[1].area == Rectangle(x: 1024, y: 0, width: 640, height: 480))
      bench.device.raiseNeedsReset()
      #expect(throws: GPUError.deviceGaveUp(status: bench.device.status)) { _ = try gpu.takeDisplayEvent() }
      #expect(bench.device.resetCount >= 2)
      #expect(throws: GPUError.self) { _ = try gpu.displays(waiter: &waiter) }
      bench.device.forgetViolations()
    }
    #expect(bench.isClean)
  }

  @Test func drop_whileTheDeviceHasCommands_givesAllMemoryBack() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      let surface = try gpu.makeSurface(width: 64, height: 64, waiter: &waiter)
      bench.device.setManual(true, queue: 0)
      _ = try gpu.startTransfer(surface, surface.bounds)
      gpu.publish()
      bench.device.poll(queue: 0)
    }
    #expect(bench.isClean && bench.device.status == [])
  }

  @Test func drop_withoutAReset_losesWhatTheDeviceMayReach() throws {
    let bench = Bench()
    do {
      var waiter = TestWaiter()
      var gpu = try bench.open()
      _ = try gpu.makeSurface(width: 64, height: 64, waiter: &waiter)
      bench.device.hostility.neverResets = true
    }
    #expect(bench.memory.buffersLost >= 1 && bench.heap.violations == [])
    #expect(bench.memory.bytesInUse >= 4 * 64 * 64)
  }
}
