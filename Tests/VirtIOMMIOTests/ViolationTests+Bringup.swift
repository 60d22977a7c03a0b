import DevicePlatform
import VirtIO
import VirtIOTestSupport

extension ViolationTests {
  static let statusCases: [Case] = [
    Case("DRIVER before ACKNOWLEDGE", at: .reset) { $0.status(2) },
    Case("status bits cleared without a reset: 0x3 to 0x1", at: .driver) { $0.status(1) },
    Case("undefined status bits", at: .reset) { $0.status(0x11) },
    Case("DEVICE_NEEDS_RESET written", at: .reset) { $0.status(0x41) },
    Case("FEATURES_OK before DRIVER", at: .acknowledged) { $0.status(9) },
    Case("DRIVER_OK before DRIVER", at: .acknowledged) { $0.status(5) },
    Case("DRIVER_OK without FEATURES_OK", at: .features) { $0.status(7) },
    Case("DRIVER_OK without reading FEATURES_OK back", at: .features) {
      $0.store(0x70, 0xb)
      $0.store(0x70, 0xf)
    },
    Case("before the reset was seen to be complete", at: .nothing) {
      $0.store(0x70, 0)
      $0.store(0x70, 1)
    },
    Case("written after FAILED", at: .driver) {
      $0.status(0x83)
      $0.status(0x8b)
    },
    Case("status 0x101 written", at: .reset) { $0.store(0x70, 0x101) },
  ]

  static let featureCases: [Case] = [
    Case("features written before DRIVER", at: .acknowledged) {
      $0.store(0x24, 0)
      $0.store(0x20, 0)
    },
    Case("features written after FEATURES_OK", at: .featuresOK) {
      $0.store(0x24, 0)
      $0.store(0x20, 0)
    },
    Case("written from high to low", at: .driver) {
      for word in 0..<2 as Range<UInt32> {
        $0.store(0x24, word)
        $0.store(0x20, word)
      }
    },
    Case("not offered: 0x1", at: .driver) {
      $0.store(0x24, 1)
      $0.store(0x20, 1)
      $0.store(0x24, 0)
      $0.store(0x20, 1)
      $0.status(0xb)
    },
    Case("VERSION_1 offered and not accepted", at: .driver) { $0.status(0xb) },
    Case("DriverFeatures written before DriverFeaturesSel", at: .driver) { $0.store(0x20, 0) },
    Case("DeviceFeatures read before DeviceFeaturesSel", at: .driver) { _ = $0.load(0x10) },
    Case("which this device does not have", at: .driver) {
      $0.store(0x24, 4)
      $0.store(0x20, 1)
    },
  ]

  static let registerCases: [Case] = [
    Case("control register 0x70 read by 8 bits", at: .reset) { _ = $0.registers.load8(at: 0x70) },
    Case("control register 0x70 written by 16 bits", at: .reset) { $0.registers.store16(1, at: 0x70) },
    Case("register 0x0 written", at: .reset) { $0.store(0x00, 0) },
    Case("register 0x60 written", at: .reset) { $0.store(0x60, 0) },
    Case("register 0x50 read: write-only", at: .reset) { _ = $0.load(0x50) },
    Case("register 0xf8 read: there is none", at: .reset) { _ = $0.load(0xf8) },
    Case("register 0x28 written", at: .reset) { $0.store(0x28, 4096) },
    Case("register 0x40 read", at: .reset) { _ = $0.load(0x40) },
    Case("register 0xfc read", at: .reset, isLegacy: true) { _ = $0.load(0xfc) },
    Case("register 0x44 written", at: .reset, isLegacy: true) { $0.store(0x44, 1) },
    Case("undefined bits in InterruptACK", at: .live) { $0.store(0x64, 5) },
    Case("configuration written before FEATURES_OK", at: .driver) { $0.registers.store8(1, at: 0x106) },
    Case("configuration read at 0x8", at: .reset) { _ = $0.load(0x108) },
    Case("configuration written at 0x8", at: .live) { $0.store(0x108, 0) },
    Case("configuration read at 0x0 by 1 bytes, expected 4", at: .reset) { _ = $0.registers.load8(at: 0x100) },
    Case("configuration read at 0x2 by 2 bytes, expected no field", at: .reset) {
      _ = $0.registers.load16(at: 0x102)
    },
  ]

  static let queueCases: [Case] =
    ([0, 3, 16] as [UInt32]).map { size in
      Case("size \(size) for queue 0", at: .featuresOK) {
        $0.store(0x30, 0)
        $0.store(0x38, size)
      }
    } + [
      Case("accessed before a queue was selected", at: .featuresOK) { _ = $0.load(0x34) },
      Case("of queue 7 written, which does not exist", at: .featuresOK) {
        $0.store(0x30, 7)
        $0.store(0x38, 8)
      },
      Case("the size of queue 0 written before FEATURES_OK", at: .features) {
        $0.store(0x30, 0)
        $0.store(0x38, 8)
      },
      Case("the size of queue 1 written after DRIVER_OK", at: .live) {
        $0.store(0x30, 1)
        $0.store(0x38, 8)
      },
      Case("the size of queue 0 written while the queue is enabled", at: .queue) { $0.store(0x38, 8) },
      Case("the address of queue 0 written while the queue is enabled", at: .queue) { $0.store(0x80, 0) },
      Case("the ready bit of queue 0 written while the queue is enabled", at: .queue) { $0.store(0x44, 1) },
      Case("queue 0 enabled without a size", at: .featuresOK) {
        $0.store(0x30, 0)
        $0.store(0x44, 1)
      },
      Case("QueueReady written as 2", at: .featuresOK) {
        $0.store(0x30, 0)
        $0.store(0x44, 2)
      },
      Case("QueueReset without RING_RESET", at: .queue) { $0.store(0xc0, 1) },
      areaCase("descriptor area of queue 0 at", 8, 0x80, 0x1000),
      areaCase("driver area of queue 0 at", 0, 0x101, 0x1000),
      areaCase("device area of queue 0 at", 0, 0x80, 0x1002),
      areaCase("is not shared with the device", 0, 0x80, 0x1fc0),
      areaCase("descriptor area and driver area of queue 0 overlap", 0, 0x7e, 0x1000),
      areaCase("driver area and device area of queue 0 overlap", 0, 0x80, 0x94),
    ]

  /// Queue 0 with areas at these offsets of the ring's memory.
  private static func areaCase(_ expected: String, _ descriptors: UInt64, _ driver: UInt64, _ device: UInt64) -> Case {
    Case(expected, at: .featuresOK) {
      let start = $0.ring.deviceAddress.rawValue
      $0.store(0x30, 0)
      $0.store(0x38, 8)
      $0.setAreas(start + descriptors, start + driver, start + device)
      $0.store(0x44, 1)
    }
  }

  static let legacyCases: [Case] = [
    Case("FEATURES_OK written to a legacy device", at: .driver, isLegacy: true) { $0.status(0xb) },
    Case("features written after DRIVER_OK", at: .live, isLegacy: true) { $0.store(0x20, 0) },
    Case("the page number written before the page size", at: .driver, isLegacy: true) {
      $0.store(0x30, 0)
      $0.store(0x38, 8)
      $0.store(0x3c, 4096)
      $0.store(0x40, 1)
    },
    Case("page size 5000", at: .driver, isLegacy: true) { $0.store(0x28, 5000) },
    Case("page size written while queues are in use", at: .queue, isLegacy: true) { $0.store(0x28, 4096) },
    Case("used ring alignment 3", at: .driver, isLegacy: true) {
      $0.store(0x28, 4096)
      $0.store(0x30, 0)
      $0.store(0x38, 8)
      $0.store(0x3c, 3)
      $0.store(0x40, 1)
    },
    Case("read while the queue is in use", at: .queue, isLegacy: true) { _ = $0.load(0x34) },
    Case("is not shared with the device", at: .driver, isLegacy: true) {
      $0.store(0x28, 4096)
      $0.store(0x30, 0)
      $0.store(0x38, 8)
      $0.store(0x3c, 4096)
      $0.store(0x40, 1)
    },
  ]
}
