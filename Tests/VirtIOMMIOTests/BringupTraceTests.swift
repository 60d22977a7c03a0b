import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIOTestSupport

/// Whole bring-ups as register traces: nothing but what the spec asks for, in its order.
struct BringupTraceTests {
  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Status Field 1, 2
  // SPEC: drivernormative:General Initialization And Device Operation / Device Initialization 1, 3, 5
  // SPEC: drivernormative:Reserved Feature Bits 1
  // SPEC: drivernormative:... / MMIO Device Register Layout 10, 11, 12, 13
  // SPEC: drivernormative:... / MMIO-specific Initialization And Device Operation / Device Initialization 6
  @Test func modern_bringUpWithOneQueue_isExactlyTheSpecsSequence() throws {
    let model = EntropyModel()
    let bench = Bench { model.makeDevice(features: [.eventIndex], queueSize: 8, heap: $0) }
    var transport = try bench.transport()
    var waiter = TestWaiter()
    let queue = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: [.eventIndex]), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    let areas = queue.areas
    #expect(
      bench.device.trace.text == """
        load32 0x000 -> 0x74726976
        load32 0x004 -> 0x2
        load32 0x008 -> 0x4
        store32 0x070 <- 0x0
        load32 0x070 -> 0x0
        load32 0x070 -> 0x0
        store32 0x070 <- 0x1
        load32 0x070 -> 0x1
        store32 0x070 <- 0x3
        store32 0x014 <- 0x0
        load32 0x010 -> 0x20000000
        store32 0x014 <- 0x1
        load32 0x010 -> 0x1
        store32 0x024 <- 0x1
        store32 0x020 <- 0x1
        store32 0x024 <- 0x0
        store32 0x020 <- 0x20000000
        load32 0x070 -> 0x3
        store32 0x070 <- 0xb
        load32 0x070 -> 0xb
        store32 0x030 <- 0x0
        load32 0x034 -> 0x8
        store32 0x030 <- 0x0
        load32 0x044 -> 0x0
        store32 0x038 <- 0x8
        store32 0x080 <- \(low(areas.descriptors))
        store32 0x084 <- 0x0
        store32 0x090 <- \(low(areas.driver))
        store32 0x094 <- 0x0
        store32 0x0a0 <- \(low(areas.device))
        store32 0x0a4 <- 0x0
        store32 0x044 <- 0x1
        load32 0x044 -> 0x1
        load32 0x070 -> 0xb
        load32 0x070 -> 0xb
        store32 0x070 <- 0xf
        """)
    #expect(bench.device.violations == [])
    #expect(bench.device.status == [.acknowledge, .driver, .featuresOK, .driverOK])
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Status Field 1, 2
  // SPEC: sec:General Initialization And Device Operation / Device Initialization / Legacy Interface: Device
  // Initialization 1
  // SPEC: sec:... / Feature Bits / Legacy Interface: A Note on Feature Bits 3
  @Test func legacy_bringUpWithOneQueue_isExactlyTheSpecsSequence() throws {
    let model = EntropyModel()
    let bench = Bench { model.makeDevice(queueSize: 8, heap: $0, isLegacy: true) }
    var transport = try bench.transport()
    var waiter = TestWaiter()
    let queue = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: [.eventIndex]), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    #expect(
      bench.device.trace.text == """
        load32 0x000 -> 0x74726976
        load32 0x004 -> 0x1
        load32 0x008 -> 0x4
        store32 0x070 <- 0x0
        load32 0x070 -> 0x0
        load32 0x070 -> 0x0
        store32 0x070 <- 0x1
        load32 0x070 -> 0x1
        store32 0x070 <- 0x3
        store32 0x014 <- 0x0
        load32 0x010 -> 0x0
        store32 0x024 <- 0x0
        store32 0x020 <- 0x0
        store32 0x028 <- 0x1000
        store32 0x030 <- 0x0
        load32 0x034 -> 0x8
        store32 0x030 <- 0x0
        load32 0x040 -> 0x0
        store32 0x038 <- 0x8
        store32 0x03c <- 0x1000
        store32 0x040 <- \(page(queue.areas.descriptors))
        load32 0x040 -> \(page(queue.areas.descriptors))
        load32 0x070 -> 0x3
        load32 0x070 -> 0x3
        store32 0x070 <- 0x7
        """)
    #expect(bench.device.violations == [])
    #expect(bench.device.isEnabled(queue: 0))
  }

  private func low(_ address: DeviceAddress) -> String {
    "0x" + String(UInt32(truncatingIfNeeded: address.rawValue), radix: 16)
  }
  private func page(_ address: DeviceAddress) -> String { "0x" + String(address.rawValue / 4096, radix: 16) }
}
