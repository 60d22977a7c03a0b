import DevicePlatform
import VirtIO
import VirtIOTestSupport

extension ViolationTests {
  static let notificationCases: [Case] = [
    Case("notification for queue 0 before DRIVER_OK", at: .queue) { $0.store(0x50, 0) },
    Case("notification for queue 1, which is not enabled", at: .live) { $0.store(0x50, 1) },
    Case("notification for queue 2, which does not exist", at: .live) { $0.store(0x50, 2) },
    Case("notification with the value 0x10000", at: .live) { $0.store(0x50, 0x10000) },
    Case("notification for queue 0 after FAILED", at: .live) {
      $0.status(0x8f)
      $0.store(0x50, 0)
    },
  ]

  static let ringCases: [Case] = [
    Case("avail.idx went from 0 to 9", at: .live) {
      $0.put(9, 2, at: RoughDriver.Place.available + 2)
      $0.store(0x50, 0)
    },
    Case("avail.idx went from 1 to 0", at: .live) {
      $0.publishGoodChain()
      $0.put(0, 2, at: RoughDriver.Place.available + 2)
      $0.store(0x50, 0)
    },
    Case("avail.flags is 0x2", at: .live) {
      $0.put(2, 2, at: RoughDriver.Place.available)
      $0.store(0x50, 0)
    },
    Case("avail.flags is 0x1", at: .live, features: .eventIndex) {
      $0.put(1, 2, at: RoughDriver.Place.available)
      $0.store(0x50, 0)
    },
    Case("used.idx is 5, the device wrote 0", at: .live) {
      $0.put(5, 2, at: RoughDriver.Place.used + 2)
      $0.store(0x50, 0)
    },
    Case("belongs to a chain in flight", at: .live) {
      $0.device.setManual(true)
      $0.publishGoodChain()
      $0.publish(0)
    },
    Case("changed in flight", at: .live) {
      $0.device.setManual(true)
      $0.publishGoodChain()
      $0.data[3] ^= 1
      $0.device.complete()
    },
    Case("is not shared with the device", at: .live) {
      // A buffer that is dropped while the device has it.
      $0.device.setManual(true)
      $0.publishGoodChain()
      $0.data = DMABuffer()
      $0.device.complete()
    },
  ]

  static let chainCases: [Case] = [
    Case("descriptor 8 of a table of 8", at: .live) { $0.publish(8) },
    Case("descriptor 9 of a table of 8", at: .live) {
      $0.descriptor(0, $0.dataAddress, 16, 1, next: 9)
      $0.publish(0)
    },
    Case("loop at descriptor 0", at: .live) {
      $0.descriptor(0, $0.dataAddress, 16, 1, next: 1)
      $0.descriptor(1, $0.dataAddress, 16, 1, next: 0)
      $0.publish(0)
    },
    Case("a readable buffer behind a writable one", at: .live) {
      $0.descriptor(0, $0.dataAddress, 16, 3, next: 1)
      $0.descriptor(1, $0.dataAddress, 16)
      $0.publish(0)
    },
    Case("a buffer without bytes", at: .live) {
      $0.descriptor(0, $0.dataAddress, 0)
      $0.publish(0)
    },
    Case("(65 bytes) is not shared", at: .live) {
      $0.descriptor(0, $0.dataAddress, 65)
      $0.publish(0)
    },
    Case("is not shared with the device", at: .live) {
      // The driver's own address instead of the device's.
      $0.descriptor(0, UInt64(unsafe $0.data.unsafeAddress), 16)
      $0.publish(0)
    },
    Case("is shared for reading and was to be written", at: .live) {
      let buffer = try $0.memory.allocate(byteCount: 16, alignment: 16, direction: .deviceReadable)
      $0.descriptor(0, buffer.deviceAddress.rawValue, 16, 2)
      $0.publish(0)
    },
    Case("is shared for writing and was to be read", at: .live) {
      let buffer = try $0.memory.allocate(byteCount: 16, alignment: 16, direction: .deviceWritable)
      $0.descriptor(0, buffer.deviceAddress.rawValue, 16)
      $0.publish(0)
    },
    Case("descriptor flags 0x8", at: .live) {
      $0.descriptor(0, $0.dataAddress, 16, 8)
      $0.publish(0)
    },
    Case("INDIRECT without INDIRECT_DESC", at: .live, features: []) {
      $0.descriptor(0, $0.tableAddress, 16, 4)
      $0.publish(0)
    },
    Case("INDIRECT and NEXT", at: .live) {
      $0.descriptor(0, $0.tableAddress, 16, 5, next: 1)
      $0.publish(0)
    },
    Case("table of 24 bytes", at: .live) {
      $0.descriptor(0, $0.tableAddress, 24, 4)
      $0.publish(0)
    },
    Case("table of 0 bytes", at: .live) {
      $0.descriptor(0, $0.tableAddress, 0, 4)
      $0.publish(0)
    },
    Case("INDIRECT inside a table", at: .live) {
      $0.tableEntry(0, $0.tableAddress, 16, 4)
      $0.descriptor(0, $0.tableAddress, 16, 4)
      $0.publish(0)
    },
    Case("descriptor 2 of a table of 2", at: .live) {
      $0.tableEntry(0, $0.dataAddress, 16, 1, next: 2)
      $0.descriptor(0, $0.tableAddress, 32, 4)
      $0.publish(0)
    },
    Case("more than 8 descriptors, the queue's size", at: .live) {
      // A loop inside a table.
      $0.tableEntry(0, $0.dataAddress, 16, 1, next: 0)
      $0.descriptor(0, $0.tableAddress, 16, 4)
      $0.publish(0)
    },
  ]
}
