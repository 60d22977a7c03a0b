import DevicePlatform
import VirtIO
import VirtIOTestSupport

/// A tiny driver written by hand, register by register, that keeps the rules, so that a test can break one at a time.
///
/// It shares no code with the shipped driver: whoever checks the checker must not use what is checked.
final class RoughDriver {
  let heap = DeviceHeap()
  let memory: TestMemory
  let device: ScriptedDevice
  let registers: ScriptedMMIORegisters
  /// Eight descriptors at 0, the available ring at 0x80, the used ring at 0x1000 (as legacy demands).
  var ring: DMABuffer
  var data: DMABuffer
  var table: DMABuffer
  private var availableIndex: UInt16 = 0

  static let size: UInt32 = 8

  enum Place {
    static let available = 0x80
    static let used = 0x1000
  }

  enum Flag {
    static let next: UInt16 = 1
    static let write: UInt16 = 2
    static let indirect: UInt16 = 4
  }

  /// How far the rules are kept before a test takes over.
  enum Stage: Comparable {
    case nothing
    case reset
    case acknowledged
    case driver
    case features
    case featuresOK
    case queue
    case live
  }

  init(isLegacy: Bool = false, features: FeatureSet = [.indirectDescriptors], to stage: Stage) throws {
    memory = TestMemory(heap: heap)
    device = ScriptedDevice(
      type: .block, features: features, queueSizes: [Self.size, Self.size],
      configuration: [1, 2, 3, 4, 5, 6, 7, 8], heap: heap, isLegacy: isLegacy)
    device.configurationFields = [0: 4, 4: 2, 6: 1, 7: 1]
    registers = ScriptedMMIORegisters(device: device)
    ring = try memory.allocate(byteCount: 0x2000, alignment: 4096, direction: .bidirectional)
    data = try memory.allocate(byteCount: 64)
    table = try memory.allocate(byteCount: 256)
    if stage >= .reset { status(0) }
    if stage >= .acknowledged { status(1) }
    if stage >= .driver { status(3) }
    if stage >= .features { writeFeatures(offered: features) }
    if stage >= .featuresOK && !isLegacy { status(0xb) }
    if stage >= .queue { setUpQueue(0) }
    if stage >= .live { status(isLegacy ? 7 : 0xf) }
  }

  /// Writes the status and reads it back.
  func status(_ value: UInt32) {
    store(0x70, value)
    _ = load(0x70)
  }

  func load(_ offset: Int) -> UInt32 { registers.load32(at: offset) }
  func store(_ offset: Int, _ value: UInt32) { registers.store32(value, at: offset) }

  private func writeFeatures(offered: FeatureSet) {
    if !device.isLegacy {
      store(0x24, 1)
      store(0x20, 1)
    }
    store(0x24, 0)
    store(0x20, offered.word(0))
  }

  func setUpQueue(_ index: UInt32) {
    let start = ring.deviceAddress.rawValue
    if device.isLegacy { store(0x28, 4096) }
    store(0x30, index)
    store(0x38, Self.size)
    if device.isLegacy {
      store(0x3c, 4096)
      store(0x40, UInt32(start / 4096))
    } else {
      setAreas(start, start + UInt64(Place.available), start + UInt64(Place.used))
      store(0x44, 1)
    }
  }

  func setAreas(_ descriptors: UInt64, _ driver: UInt64, _ device: UInt64) {
    for (offset, address) in [(0x80, descriptors), (0x90, driver), (0xa0, device)] {
      store(offset, UInt32(truncatingIfNeeded: address))
      store(offset + 4, UInt32(truncatingIfNeeded: address >> 32))
    }
  }

  // MARK: Ring

  func put(_ value: UInt64, _ byteCount: Int, at offset: Int) {
    for index in 0..<byteCount { ring[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }

  func descriptor(_ index: Int, _ address: UInt64, _ length: UInt32, _ flags: UInt16 = 0, next: UInt16 = 0) {
    put(address, 8, at: 16 * index)
    put(UInt64(length) | UInt64(flags) << 32 | UInt64(next) << 48, 8, at: 16 * index + 8)
  }

  func tableEntry(_ index: Int, _ address: UInt64, _ length: UInt32, _ flags: UInt16 = 0, next: UInt16 = 0) {
    let words = [address, UInt64(length) | UInt64(flags) << 32 | UInt64(next) << 48]
    for byte in 0..<16 {
      table[16 * index + byte] = UInt8(truncatingIfNeeded: words[byte / 8] >> UInt64(8 * (byte % 8)))
    }
  }

  /// Makes chains available and rings the bell.
  func publish(_ heads: UInt16...) {
    for head in heads {
      put(UInt64(head), 2, at: Place.available + 4 + 2 * Int(availableIndex % UInt16(Self.size)))
      availableIndex &+= 1
    }
    put(UInt64(availableIndex), 2, at: Place.available + 2)
    store(0x50, 0)
  }

  var dataAddress: UInt64 { data.deviceAddress.rawValue }
  var tableAddress: UInt64 { table.deviceAddress.rawValue }

  /// A good request of two buffers, at descriptors 0 and 1.
  func publishGoodChain() {
    descriptor(0, dataAddress, 16, Flag.next, next: 1)
    descriptor(1, dataAddress + 16, 32, Flag.write)
    publish(0)
  }
}
