import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOBlock
import VirtIOPCI
import VirtIOTestSupport

/// The block driver over PCI against a scripted disk on a scripted bus: enumerated, placed, mapped and driven with what
/// the package ships.
struct BlockEndToEndTests {
  private static let features: [FeatureSet] = [
    [], .indirectDescriptors, .eventIndex, [.indirectDescriptors, .eventIndex],
  ]

  // SPEC: drivernormative:... / Common configuration structure layout 1, 4, 6
  // SPEC: drivernormative:... / Virtio Over PCI Bus / PCI Device Layout 1
  // SPEC: drivernormative:... / The Virtqueue Descriptor Table / Indirect Descriptors 1
  // SPEC: drivernormative:Device Types / Block Device / Device Operation 2
  @Test(arguments: features)
  func block_enumeratedPlacedAndDriven_breaksNoRule(features: FeatureSet) throws {
    let model = BlockModel(sectors: 256)
    model.fillWithPattern()
    let heap = DeviceHeap()
    let memory = TestMemory(heap: heap)
    let device = model.makeDevice(features: features, heap: heap)
    let scripted = ScriptedPCIBus(ScriptedPCIFunction(device: device))
    device.trace.isOn = false
    do {
      let bus = PCIBus(access: scripted, lastBus: 0)
      let functions = bus.enumerate()
      #expect(functions.map(PCIDeviceIdentity.deviceType(of:)) == [.block])
      let function = try #require(functions.first)
      var windows = ResourceWindows([ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000)])
      let placement = bus.place(function, in: &windows)
      var waiter = TestWaiter()
      var block = try BlockDevice(
        try PCITransport(function: function, placement: placement, bus: bus, mapper: scripted, memory: memory),
        waiter: &waiter)
      #expect(block.location == "pci 00:04.0")
      #expect(device.acceptedFeatures.isSuperset(of: features))
      #expect(block.geometry.sectorCount == 256)

      var buffer = try memory.allocate(byteCount: 1024)
      for sector in 0..<255 as Range<UInt64> {
        try block.read(sector: sector, into: &buffer, waiter: &waiter)
        #expect(buffer.array(1024) == BlockModel.pattern(sector) + BlockModel.pattern(sector + 1))
      }
      for index in 0..<1024 { buffer[index] = UInt8(truncatingIfNeeded: 3 * index) }
      let written = buffer.array(1024)
      try block.write(sector: 17, from: &buffer, waiter: &waiter)
      try block.flush(waiter: &waiter)
      #expect(try block.identifier(waiter: &waiter) == Array("scripted-disk".utf8))
      #expect(Array(model.storage[17 * 512..<19 * 512]) == written)
      #expect(model.storage[19 * 512..<20 * 512].elementsEqual(BlockModel.pattern(19)))
      #expect(model.flushCount == 1)
    }
    #expect(device.violations == [])
    #expect(device.status == [])
    #expect(memory.buffersInUse == 0)
    #expect(heap.reservationCount == 0)
    #expect(heap.violations == [])
  }

  /// The scripted bus would have noticed: no memory decoding, no bus mastering.
  @Test func block_decodingSwitchedOffBehindTheDriver_isAViolation() throws {
    let model = BlockModel(sectors: 8)
    let heap = DeviceHeap()
    let memory = TestMemory(heap: heap)
    let device = model.makeDevice(heap: heap)
    let scripted = ScriptedPCIBus(ScriptedPCIFunction(device: device))
    let bus = PCIBus(access: scripted, lastBus: 0)
    let function = try #require(bus.enumerate().first)
    var windows = ResourceWindows([ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000)])
    let placement = bus.place(function, in: &windows)
    let transport = try PCITransport(
      function: function, placement: placement, bus: bus, mapper: scripted, memory: memory)
    bus.setCommand([], of: function.address)
    #expect(transport.readStatus().rawValue == 0xff)
    #expect(device.violations == ["BAR 4 read while memory decoding is off"])
  }
}
