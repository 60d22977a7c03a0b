import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Bring-up, requests and reset against the scripted device.
struct EndToEndTests {
  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Status Field 1, 2
  // SPEC: drivernormative:General Initialization And Device Operation / Device Initialization 1, 3, 5
  // SPEC: drivernormative:... / Common configuration structure layout 1, 3, 4
  @Test func bringUp_withOneQueue_isExactlyTheSpecsSequence() throws {
    let model = EntropyModel()
    let bench = Bench { model.makeDevice(features: [.eventIndex], queueSize: 8, heap: $0) }
    var transport = try bench.transport()
    var waiter = TestWaiter()
    bench.device.trace.clear()
    let queue = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: [.eventIndex]), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    func low(_ address: DeviceAddress) -> String { "0x" + String(UInt32(address.rawValue), radix: 16) }
    let areas = queue.areas
    #expect(
      bench.device.trace.text == """
        store8 0x014 <- 0x0
        load8 0x014 -> 0x0
        load8 0x014 -> 0x0
        store8 0x014 <- 0x1
        load8 0x014 -> 0x1
        store8 0x014 <- 0x3
        store32 0x000 <- 0x0
        load32 0x004 -> 0x20000000
        store32 0x000 <- 0x1
        load32 0x004 -> 0x1
        store32 0x000 <- 0x2
        load32 0x004 -> 0x0
        store32 0x000 <- 0x3
        load32 0x004 -> 0x0
        store32 0x008 <- 0x3
        store32 0x00c <- 0x0
        store32 0x008 <- 0x2
        store32 0x00c <- 0x0
        store32 0x008 <- 0x1
        store32 0x00c <- 0x1
        store32 0x008 <- 0x0
        store32 0x00c <- 0x20000000
        load8 0x014 -> 0x3
        store8 0x014 <- 0xb
        load8 0x014 -> 0xb
        store16 0x016 <- 0x0
        load16 0x018 -> 0x8
        store16 0x016 <- 0x0
        load16 0x01e -> 0x0
        store16 0x016 <- 0x0
        load16 0x01c -> 0x0
        store16 0x018 <- 0x8
        load16 0x018 -> 0x8
        store32 0x020 <- \(low(areas.descriptors))
        store32 0x024 <- 0x0
        store32 0x028 <- \(low(areas.driver))
        store32 0x02c <- 0x0
        store32 0x030 <- \(low(areas.device))
        store32 0x034 <- 0x0
        store16 0x01c <- 0x1
        load16 0x01c -> 0x1
        load8 0x014 -> 0xb
        load8 0x014 -> 0xb
        store8 0x014 <- 0xf
        """)
    #expect(bench.device.violations == [])
  }

  // SPEC: sec:... / Legacy Interfaces: A Note on Virtqueue Endianness 1
  @Test(arguments: [false, true], [FeatureSet(), .eventIndex])
  func entropy_thousandRequests_givesTheSourcesBytes(isLegacy: Bool, features: FeatureSet) throws {
    let model = EntropyModel(seed: 7)
    let bench = Bench { model.makeDevice(features: features, heap: $0, isLegacy: isLegacy) }
    bench.device.trace.isOn = false
    let received = try drawEntropy(requests: 1000, byteCount: 48, over: try bench.transport())
    #expect(received == model.given)
    #expect(received.count == 48_000)
    #expect(bench.device.violations == [])
    #expect(bench.device.status == [] && bench.memory.buffersInUse == 0)
  }

  /// SPEC: devicenormative:Virtio Transport Options / Virtio Over PCI Bus / PCI Device Layout / Common configuration
  /// structure layout
  @Test(arguments: [(0, false), (3, false), (0xffff, false), (0x8000, true), (1, true)] as [(UInt32, Bool)])
  func bringUp_queueSizeThatIsNoPowerOfTwo_isRefused(size: UInt32, isFine: Bool) throws {
    let model = EntropyModel()
    let bench = Bench { model.makeDevice(heap: $0) }
    bench.device.hostility.queueMaximum = size
    var transport = try bench.transport()
    var waiter = TestWaiter()
    var error: BringupError?
    do throws(BringupError) {
      _ = try transport.bringUp(
        as: .entropy, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
      ) { transport, features throws(BringupError) in try transport.makeQueue(0, QueueOptions(), features: features) }
    } catch let caught { error = caught }
    let expected: BringupError? =
      isFine ? nil : size == 0 ? .queueMissing(index: 0) : .queueSizeInvalid(index: 0, size: size)
    #expect(error == expected)
    #expect(bench.device.status.contains(isFine ? .driverOK : .failed))
  }
}
