import DevicePlatform
import VirtIO
import VirtIOTestSupport

/// A transport written by hand on the window of a scripted PCI function, at the offsets that the function uses: checks
/// the function without the shipped PCI transport.
struct RoughPCITransport: VirtIO.Transport, ~Copyable {
  let function: ScriptedPCIFunction
  let registers: ScriptedPCIRegisters
  let memory: TestMemory
  var deviceType: DeviceType { function.device.type }
  var isLegacy: Bool { false }
  var location: String { "rough PCI" }

  /// Gives BAR 4 an address and lets the function decode memory and master the bus.
  init(_ function: ScriptedPCIFunction, memory: TestMemory) {
    self.function = function
    self.memory = memory
    registers = ScriptedPCIRegisters(function: function)
    function.writeConfiguration(0xe000_0000, at: 0x20, byteCount: 4)
    function.writeConfiguration(6, at: 0x04, byteCount: 2)
  }

  func readStatus() -> DeviceStatus { DeviceStatus(rawValue: registers.load8(at: 20)) }
  func writeStatus(_ status: DeviceStatus) { registers.store8(status.rawValue, at: 20) }

  var featureWordCount: Int { 4 }
  func readDeviceFeatures(word index: Int) -> UInt32 {
    registers.store32(UInt32(index), at: 0)
    return registers.load32(at: 4)
  }
  func writeDriverFeatures(_ value: UInt32, word index: Int) {
    registers.store32(UInt32(index), at: 8)
    registers.store32(value, at: 12)
  }

  func prepareQueues() {}
  func maximumSize(ofQueue index: UInt16) -> UInt32 {
    registers.store16(index, at: 22)
    return UInt32(registers.load16(at: 24))
  }
  var ringRequirements: RingRequirements { .modern }
  func configure(queue index: UInt16, size: UInt16, areas: QueueAreas) throws(TransportError) {
    registers.store16(index, at: 22)
    guard registers.load16(at: 28) == 0 else { throw .queueInUse(index: index) }
    registers.store16(size, at: 24)
    for (offset, address) in [(32, areas.descriptors), (40, areas.driver), (48, areas.device)] {
      registers.store32(UInt32(truncatingIfNeeded: address.rawValue), at: offset)
      registers.store32(UInt32(truncatingIfNeeded: address.rawValue >> 32), at: offset + 4)
    }
    registers.store16(1, at: 28)
    guard registers.load16(at: 28) == 1 else { throw .queueNotEnabled(index: index) }
  }
  func makeDoorbell(queue index: UInt16) throws(TransportError) -> RegisterDoorbell<ScriptedPCIRegisters> {
    registers.store16(index, at: 22)
    let offset = 0x3000 + 4 * Int(registers.load16(at: 30))
    return RegisterDoorbell(
      window: registers.window(at: offset, byteCount: 2), value: UInt32(index), isWide: false)
  }

  var configurationByteCount: Int { function.device.configuration.count }
  func readConfigurationGeneration() -> UInt32 { UInt32(registers.load8(at: 21)) }
  func readConfiguration8(at offset: Int) -> UInt8 { registers.load8(at: 0x2000 + offset) }
  func readConfiguration16(at offset: Int) -> UInt16 { registers.load16(at: 0x2000 + offset) }
  func readConfiguration32(at offset: Int) -> UInt32 { registers.load32(at: 0x2000 + offset) }
  func writeConfiguration8(_ value: UInt8, at offset: Int) { registers.store8(value, at: 0x2000 + offset) }
  func writeConfiguration16(_ value: UInt16, at offset: Int) { registers.store16(value, at: 0x2000 + offset) }
  func writeConfiguration32(_ value: UInt32, at offset: Int) { registers.store32(value, at: 0x2000 + offset) }
}
