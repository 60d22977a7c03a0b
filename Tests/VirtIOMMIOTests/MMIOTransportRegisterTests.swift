import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// Single operations: one access each, at the right place and width.
struct MMIOTransportRegisterTests {
  private func block(isLegacy: Bool = false) throws -> (Bench, BlockModel) {
    let model = BlockModel(sectors: 0x1234)
    return (Bench { model.makeDevice(heap: $0, isLegacy: isLegacy) }, model)
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 5
  @Test func configuration_eachWidth_isOneAccessOfThatWidth() throws {
    let (bench, _) = try block()
    let transport = try bench.transport()
    bench.device.trace.clear()
    let capacity = transport.readConfiguration32(at: 0)
    #expect(capacity == 0x1234)
    let cylinders = transport.readConfiguration16(at: 16)
    #expect(cylinders == 0)
    let heads = transport.readConfiguration8(at: 18)
    #expect(heads == 0)
    let generation = transport.readConfigurationGeneration()
    #expect(generation == 0)
    #expect(
      bench.device.trace.text == """
        load32 0x100 -> 0x1234
        load16 0x110 -> 0x0
        load8 0x112 -> 0x0
        load32 0x0fc -> 0x0
        """)
    let byteCount = transport.configurationByteCount
    #expect(byteCount == 0x100)
    #expect(bench.device.violations == [])
  }

  @Test func configuration_writes_areOneAccessOfThatWidth() throws {
    let bench = Bench {
      ScriptedDevice(type: .console, queueSizes: [], configuration: [0, 0, 0, 0, 0, 0, 0, 0], heap: $0)
    }
    let transport = try bench.transport()
    for status: DeviceStatus in [.acknowledge, .driver] { transport.addStatus(status) }
    transport.writeDriverFeatures(1, word: 1)
    transport.addStatus(.featuresOK)
    bench.device.trace.clear()
    transport.writeConfiguration8(0x12, at: 1)
    transport.writeConfiguration16(0x3456, at: 2)
    transport.writeConfiguration32(0x789a_bcde, at: 4)
    #expect(bench.device.trace.text == "store8 0x101 <- 0x12\nstore16 0x102 <- 0x3456\nstore32 0x104 <- 0x789abcde")
    #expect(bench.device.configuration == [0, 0x12, 0x56, 0x34, 0xde, 0xbc, 0x9a, 0x78])
    #expect(bench.device.violations == [])
  }

  @Test func legacy_generation_isNoAccess() throws {
    let (bench, _) = try block(isLegacy: true)
    let transport = try bench.transport()
    bench.device.trace.clear()
    let generation = transport.readConfigurationGeneration()
    #expect(generation == 0)
    #expect(bench.device.trace.entries.isEmpty)
  }

  @Test func modern_prepareQueues_isNoAccess() throws {
    let (bench, _) = try block()
    let transport = try bench.transport()
    bench.device.trace.clear()
    transport.prepareQueues()
    #expect(bench.device.trace.entries.isEmpty)
  }

  @Test func doorbell_ring_isOneStoreOfTheIndex() throws {
    let bench = Bench { ScriptedDevice(type: .network, queueSizes: [8, 8, 8], heap: $0) }
    let transport = try bench.transport()
    let bell = try transport.makeDoorbell(queue: 2)
    bench.device.trace.clear()
    bell.ring()
    bell.ring()
    #expect(bench.device.trace.text == "store32 0x050 <- 0x2\nstore32 0x050 <- 0x2")
    #expect(bench.device.notifications == [2, 2])
  }

  // SPEC: drivernormative:... / MMIO Device Register Layout 16, 17, 18
  // SPEC: drivernormative:... / Notifications From The Device 2
  @Test func interrupts_undefinedBits_areIgnoredAndNeverWritten() throws {
    let bench = Bench { ScriptedDevice(type: .network, queueSizes: [8], heap: $0) }
    let transport = try bench.transport()
    bench.device.hostility.interruptStatus = 0xffff_fffe
    bench.device.trace.clear()
    #expect(transport.makeInterruptSource().acknowledge() == .configurationChanged)
    #expect(
      bench.device.trace.text == """
        load32 0x060 -> 0xfffffffe
        store32 0x064 <- 0x2
        """)
    #expect(bench.device.violations == [])
  }

  @Test func status_bitsAboveTheLowestEight_doNotExist() throws {
    let bench = Bench { ScriptedDevice(type: .network, queueSizes: [8], heap: $0) }
    let transport = try bench.transport()
    bench.device.hostility.statusHighBits = 0xabcd_ef00
    transport.writeStatus(.acknowledge)
    let status = transport.readStatus()
    #expect(status == .acknowledge)
    #expect(bench.device.trace.text.hasSuffix("store32 0x070 <- 0x1\nload32 0x070 -> 0xabcdef01"))
  }

  @Test func features_deviceThatAliasesWords_isAskedForTwo() throws {
    let (bench, _) = try block()
    bench.device.hostility.aliasesFeatureWords = true
    let transport = try bench.transport()
    let features = transport.readDeviceFeatures()
    #expect(features == bench.device.offeredFeatures)
    #expect(bench.device.trace.entries.filter { $0.offset == 0x14 }.map(\.value) == [0, 1])
  }
}
