import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Single operations: one access each, at the right place and width. The golden traces are offsets in BAR 4.
struct PCITransportRegisterTests {
  @Test func features_eachWord_selectThenAccess() throws {
    let bench = network()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let wordCount = transport.featureWordCount
    #expect(wordCount == 4)
    for word in (0..<4).reversed() { _ = transport.readDeviceFeatures(word: word) }
    transport.writeDriverFeatures(0, word: 2)
    #expect(
      bench.device.trace.text == """
        store32 0x000 <- 0x3
        load32 0x004 -> 0x0
        store32 0x000 <- 0x2
        load32 0x004 -> 0x0
        store32 0x000 <- 0x1
        load32 0x004 -> 0x1
        store32 0x000 <- 0x0
        load32 0x004 -> 0x0
        store32 0x008 <- 0x2
        store32 0x00c <- 0x0
        """)
  }

  // SPEC: drivernormative:... / Virtio Over PCI Bus / PCI Device Layout 1
  @Test func configuration_eachWidth_isOneAccessOfThatWidth() throws {
    let bench = network()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let values = readEachWidth(transport)
    #expect(values == [0x0706_0504, 0x0302, 11, 0])
    #expect(
      bench.device.trace.text == """
        load32 0x2004 -> 0x7060504
        load16 0x2002 -> 0x302
        load8 0x200b -> 0xb
        load8 0x015 -> 0x0
        """)
    #expect(bench.device.violations == [])
  }

  // SPEC: drivernormative:... / PCI-specific Initialization And Device Operation / Available Buffer Notifications 1, 3
  @Test func doorbell_ring_isOneStoreOfTheIndexAtTheQueuesPlace() throws {
    let bench = network()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let bell = try transport.makeDoorbell(queue: 2)
    #expect(bench.device.trace.text == "store16 0x016 <- 0x2\nload16 0x01e -> 0x2")
    bench.device.trace.clear()
    bell.ring()
    bell.ring()
    #expect(bench.device.trace.text == "store16 0x3008 <- 0x2\nstore16 0x3008 <- 0x2")
    #expect(bench.device.notifications == [2, 2])
  }

  @Test func doorbell_multiplierZero_isTheSamePlaceForAll() throws {
    let bench = network()
    bench.lie(0, 4, at: Capability.notify + 16)
    let transport = try bench.transport()
    let bell = try transport.makeDoorbell(queue: 2)
    bench.device.trace.clear()
    bell.ring()
    #expect(bench.device.trace.text == "store16 0x3000 <- 0x2")
  }

  @Test func doorbell_outsideTheStructure_refused() throws {
    for (length, multiplier, offset) in [(10, 4, 8), (9, 4, 8), (0x1000, 0x800, 0x1000), (2, 0x8000_0000, 1 << 32)] {
      let bench = network()
      bench.lie(UInt32(length), 4, at: Capability.notify + 12)
      bench.lie(UInt32(multiplier), 4, at: Capability.notify + 16)
      let transport = try bench.transport()
      let error = failure { () throws(TransportError) in _ = try transport.makeDoorbell(queue: 2) }
      let expected = TransportError.windowOutOfRange(
        "notification register", offset: UInt64(offset), byteCount: 2, limit: UInt64(length))
      #expect(error == (length == 10 ? nil : expected))
    }
  }

  @Test func queue_inUse_refusedBeforeAnythingIsWritten() throws {
    let bench = network()
    let transport = try bench.transport()
    bench.device.hostility.queuesInUse = true
    bench.device.trace.clear()
    let areas = QueueAreas(
      descriptors: DeviceAddress(0x1000), driver: DeviceAddress(0x2000), device: DeviceAddress(0x3000))
    let error = failure { () throws(TransportError) in try transport.configure(queue: 1, size: 4, areas: areas) }
    #expect(error == .queueInUse(index: 1))
    #expect(bench.device.trace.text == "store16 0x016 <- 0x1\nload16 0x01c -> 0x1")
  }

  @Test func queue_staysDisabled_refused() throws {
    let bench = network()
    let transport = try bench.transport()
    bench.device.hostility.queuesStayDisabled = true
    let areas = QueueAreas(
      descriptors: DeviceAddress(0x1000), driver: DeviceAddress(0x2000), device: DeviceAddress(0x3000))
    let error = failure { () throws(TransportError) in try transport.configure(queue: 1, size: 4, areas: areas) }
    #expect(error == .queueNotEnabled(index: 1))
  }

  @Test func interrupts_read_isOneAccess() throws {
    let bench = network()
    let transport = try bench.transport()
    bench.device.trace.clear()
    #expect(transport.makeInterruptSource().acknowledge() == [])
    #expect(bench.device.trace.text == "load8 0x1000 -> 0x0")
    #expect(DeviceEvents(rawValue: 0xff) == [.usedBuffers, .configurationChanged])
  }
}
