import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Bring-up, requests and reset through the legacy registers.
struct LegacyEndToEndTests {
  // SPEC: sec:General Initialization And Device Operation / Device Initialization / Legacy Interface: Device
  // Initialization 1
  // SPEC: sec:... / Feature Bits / Legacy Interface: A Note on Feature Bits 3
  // SPEC: sec:... / Legacy Interfaces: A Note on PCI Device Layout 2
  // SPEC: sec:... / Legacy Interfaces: A Note on Virtqueue Layout 1, 3
  @Test func bringUp_withOneQueue_isExactlyTheSpecsSequence() throws {
    let model = EntropyModel()
    let bench = Bench { model.makeDevice(features: [.eventIndex], queueSize: 8, heap: $0, isLegacy: true) }
    var transport = try bench.transport()
    var waiter = TestWaiter()
    bench.device.trace.clear()
    // Fewer are asked for: a legacy device does not listen.
    let options = QueueOptions(maximumSize: 4)
    let queue = try transport.bringUp(
      as: .entropy, features: DriverFeatures(wanted: [.eventIndex]), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in try transport.makeQueue(0, options, features: features) }
    let areas = queue.areas
    let page = "0x" + String(areas.descriptors.rawValue >> 12, radix: 16)
    #expect(areas.device.rawValue == areas.descriptors.rawValue + 4096)
    #expect(
      bench.device.trace.text == """
        store8 0x012 <- 0x0
        load8 0x012 -> 0x0
        load8 0x012 -> 0x0
        store8 0x012 <- 0x1
        load8 0x012 -> 0x1
        store8 0x012 <- 0x3
        load32 0x000 -> 0x20000000
        store32 0x004 <- 0x20000000
        store16 0x00e <- 0x0
        load16 0x00c -> 0x8
        store16 0x00e <- 0x0
        load32 0x008 -> 0x0
        load16 0x00c -> 0x8
        store32 0x008 <- \(page)
        load32 0x008 -> \(page)
        load8 0x012 -> 0x3
        load8 0x012 -> 0x3
        store8 0x012 <- 0x7
        """)
    #expect(bench.device.violations == [])
  }

  @Test func bringUp_sizesThatNoDeviceMayHave_refused() throws {
    let sizes: [(UInt32, BringupError?)] = [
      (0, .queueMissing(index: 0)), (3, .queueSizeInvalid(index: 0, size: 3)), (65536, .queueMissing(index: 0)),
      (0xffff, .queueSizeInvalid(index: 0, size: 0xffff)), (8, nil), (1024, nil),
      // Nobody can choose a smaller one, and a device must not decide how much heap a driver takes.
      (2048, .queueTooLarge(index: 0, size: 2048, limit: 1024)),
      (32768, .queueTooLarge(index: 0, size: 32768, limit: 1024)),
    ]
    for (size, expected) in sizes {
      let model = EntropyModel()
      let bench = Bench { model.makeDevice(heap: $0, isLegacy: true) }
      bench.device.hostility.queueMaximum = size
      var transport = try bench.transport()
      var waiter = TestWaiter()
      let error = failure { () throws(BringupError) in
        _ = try transport.bringUp(
          as: .entropy, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
        ) { transport, features throws(BringupError) in
          try transport.makeQueue(0, QueueOptions(), features: features)
        }
      }
      #expect(error == expected)
      #expect(bench.device.status.contains(expected == nil ? .driverOK : .failed))
    }
  }
}
