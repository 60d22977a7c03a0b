import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Single operations on legacy registers: one access each, at the right place and width. The golden traces are offsets
/// in BAR 0.
struct LegacyRegisterTests {
  private func areas(_ start: UInt64, size: UInt64) -> QueueAreas {
    QueueAreas(
      descriptors: DeviceAddress(start), driver: DeviceAddress(start + 16 * size),
      device: DeviceAddress((start + 18 * size + 6 + 4095) & ~4095))
  }

  // SPEC: sec:... / Legacy Interfaces: A Note on PCI Device Layout 2
  @Test func features_oneWord_withoutSelector() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let wordCount = transport.featureWordCount
    #expect(wordCount == 1)
    let features = transport.readDeviceFeatures()
    #expect(features.rawValue == 0x2000_0021)
    transport.writeDriverFeatures(0x21, word: 0)
    #expect(bench.device.trace.text == "load32 0x000 -> 0x20000021\nstore32 0x004 <- 0x21")
  }

  // SPEC: sec:... / Legacy Interfaces: A Note on PCI Device Layout 4
  @Test func configuration_eachWidth_isOneAccessOfThatWidth() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let values = readEachWidth(transport)
    #expect(values == [0x0706_0504, 0x0302, 11, 0])
    #expect(
      bench.device.trace.text == """
        load32 0x018 -> 0x7060504
        load16 0x016 -> 0x302
        load8 0x01f -> 0xb
        """)
    #expect(bench.device.violations == [])
  }

  @Test func configuration_changesMeanwhile_isReadUntilTwoAreEqual() throws {
    let bench = legacyNetwork()
    bench.device.hostility.configurationChanges = 3
    let transport = try bench.transport()
    bench.device.trace.clear()
    let value = try transport.readConfiguration(byteCount: 4) { $0.readConfiguration32(at: 0) }
    #expect(value == 0x0605_0403)
    #expect(bench.device.trace.entries.count == 5)
    bench.device.hostility.configurationChanges = .max
    let error = failure { () throws(ConfigurationError) in
      _ = try transport.readConfiguration(byteCount: 4) { $0.readConfiguration32(at: 0) }
    }
    #expect(error == .unsettled(attempts: 32))
  }

  @Test func doorbell_ring_isOneStoreOfTheIndex() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let bell = try transport.makeDoorbell(queue: 2)
    #expect(bench.device.trace.entries.isEmpty)
    bell.ring()
    bell.ring()
    #expect(bench.device.trace.text == "store16 0x010 <- 0x2\nstore16 0x010 <- 0x2")
    #expect(bench.device.notifications == [2, 2])
  }

  @Test func interrupts_acknowledge_isOneReadThatClears() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.setStatus(.driverOK)
    bench.device.changeConfiguration(at: 0, to: [1])
    bench.device.trace.clear()
    let source = transport.makeInterruptSource()
    #expect(source.acknowledge() == .configurationChanged)
    #expect(source.acknowledge() == [])
    #expect(bench.device.trace.text == "load8 0x013 -> 0x2\nload8 0x013 -> 0x0")
  }

  // SPEC: sec:... / Legacy Interfaces: A Note on Virtqueue Layout 1
  @Test func queue_sizeAndRequirements_areTheDevices() throws {
    let bench = legacyNetwork(queueSizes: [8, 256])
    let transport = try bench.transport()
    #expect(try transport.layout(ofQueue: 1, QueueOptions(maximumSize: 16), features: []).ring.size == 256)
    bench.device.trace.clear()
    let sizes = (0..<3 as Range<UInt16>).map { transport.maximumSize(ofQueue: $0) }
    #expect(sizes == [8, 256, 0])
    var expected = RingRequirements.legacy
    expected.sizeRule = .fixed
    let requirements = transport.ringRequirements
    #expect(requirements == expected)
    #expect(
      bench.device.trace.text == """
        store16 0x00e <- 0x0
        load16 0x00c -> 0x8
        store16 0x00e <- 0x1
        load16 0x00c -> 0x100
        store16 0x00e <- 0x2
        load16 0x00c -> 0x0
        """)
  }

  @Test func queue_inUse_refusedBeforeAnythingIsWritten() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.hostility.queuesInUse = true
    bench.device.trace.clear()
    let areas = areas(0x1000, size: 8)
    let error = failure { () throws(TransportError) in try transport.configure(queue: 1, size: 8, areas: areas) }
    #expect(error == .queueInUse(index: 1))
    #expect(bench.device.trace.text == "store16 0x00e <- 0x1\nload32 0x008 -> 0x1")
  }

  @Test func queue_sizeChangesItsMind_refusedBeforeThePageNumber() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.hostility.queueMaximum = 16
    bench.device.trace.clear()
    let areas = areas(0x1000, size: 8)
    let error = failure { () throws(TransportError) in try transport.configure(queue: 1, size: 8, areas: areas) }
    #expect(error == .queueNotEnabled(index: 1))
    #expect(bench.device.trace.text == "store16 0x00e <- 0x1\nload32 0x008 -> 0x0\nload16 0x00c -> 0x10")
  }

  @Test func queue_staysDisabled_refused() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.hostility.queuesStayDisabled = true
    let areas = areas(0x1000, size: 8)
    let error = failure { () throws(TransportError) in try transport.configure(queue: 1, size: 8, areas: areas) }
    #expect(error == .queueNotEnabled(index: 1))
  }

  @Test func queue_outOfReach_refusedBeforeAnyRegister() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let highest = UInt64(UInt32.max) << 12
    for start in [0, 1 << 44, highest + 4096] as [UInt64] {
      let areas = areas(start, size: 8)
      let error = failure { () throws(TransportError) in try transport.configure(queue: 0, size: 8, areas: areas) }
      #expect(error == .queueAddressUnreachable(index: 0, address: start, highest: highest))
    }
    #expect(bench.device.trace.entries.isEmpty)
    // The last page that has a number.
    bench.device.hostility.queuesStayDisabled = true
    let last = areas(highest, size: 8)
    _ = failure { () throws(TransportError) in try transport.configure(queue: 0, size: 8, areas: last) }
    #expect(bench.device.trace.entries.contains { !$0.isLoad && $0.offset == 8 && $0.value == .max })
  }
}
