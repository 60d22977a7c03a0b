import DevicePlatform
import Testing
import VirtIO
import VirtIOBlock
import VirtIOMMIO
import VirtIOTestSupport

/// Clauses of block devices that no other test is about.
struct ClauseTests {
  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space 2
  @Test(arguments: [false, true])
  func bringUp_withoutFeatures_touchesNoFieldButTheCapacity(isLegacy: Bool) throws {
    let disk = Disk(features: [], isLegacy: isLegacy)
    disk.device.offeredFeatures = isLegacy ? [] : .version1
    disk.device.trace.isOn = true
    disk.device.trace.clear()
    let block = try disk.bringUp()
    #expect(block.geometry.sectorCount == 64)
    let offsets = disk.device.trace.entries.map(\.offset).filter { $0 >= 0x100 }
    #expect(Set(offsets) == [0x100, 0x104])
  }

  // SPEC: sec:... / Block Device / Legacy Interface: Framing Requirements 1
  @Test(arguments: [FeatureSet(), .indirectDescriptors])
  func legacyRequests_areHeaderDataAndStatusApart(features: FeatureSet) throws {
    let disk = Disk(features: features, isLegacy: true)
    disk.device.setManual(true)
    var block = try disk.bringUp()
    #expect(refusal(block.startRead(sector: 0, into: try disk.memory.allocate(byteCount: 512)), byteCount: 0) == nil)
    #expect(refusal(block.startWrite(sector: 0, from: try disk.memory.allocate(byteCount: 1024)), byteCount: 0) == nil)
    _ = try block.startFlush()
    block.publish()
    let requests = disk.device.pending()
    #expect(requests.map { $0.readableRegions.map(\.byteCount) } == [[16], [16, 1024], [16]])
    #expect(requests.map { $0.writableRegions.map(\.byteCount) } == [[512, 1], [1], [1]])
    disk.device.completeAll()
    while let completion = block.complete() { #expect(completion.result == .done) }
    #expect(disk.device.violations == [])
  }

  /// Larger than any configuration that is known.
  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space 3
  @Test func bringUp_longerConfiguration_isFine() throws {
    let heap = DeviceHeap()
    let device = ScriptedDevice(
      type: .block, queueSizes: [8], configuration: [9] + Array(repeating: 0, count: 3000), heap: heap)
    var waiter = TestWaiter()
    let block = try BlockDevice(
      try Bus(registers: ScriptedMMIORegisters(device: device, byteCount: 0x2000), memory: TestMemory(heap: heap)),
      waiter: &waiter)
    #expect(block.geometry.sectorCount == 9)
    #expect(device.violations == [])
  }

  // SPEC: not used: queues are only stopped by a reset of the device
  @Test func endOfUse_stopsNoSingleQueue() throws {
    for isShutDown in [false, true] {
      let disk = Disk()
      disk.device.trace.isOn = true
      do {
        var block = try disk.bringUp()
        disk.device.trace.clear()
        var waiter = TestWaiter()
        if isShutDown { try block.shutDown(waiter: &waiter) }
        #expect(block.isLegacy == false)
      }
      #expect(disk.device.trace.entries.contains { !$0.isLoad && $0.offset == 0x70 && $0.value == 0 })
      #expect(!disk.device.trace.entries.contains { $0.offset == 0x44 || $0.offset == 0x30 })
    }
  }
}
