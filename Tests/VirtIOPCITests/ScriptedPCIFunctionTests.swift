import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOTestSupport

/// The scripted PCI function: found by the PCI bus, driven through its window, strict about both.
struct ScriptedPCIFunctionTests {
  private func disk() -> (ScriptedPCIFunction, TestMemory) {
    let heap = DeviceHeap()
    let model = BlockModel(sectors: 64)
    model.fillWithPattern()
    return (ScriptedPCIFunction(device: model.makeDevice(heap: heap)), TestMemory(heap: heap))
  }

  /// The window, once BAR 4 has an address and the function decodes memory and masters the bus.
  private func window(_ function: ScriptedPCIFunction) -> ScriptedPCIRegisters {
    function.writeConfiguration(0xe000_0000, at: 0x20, byteCount: 4)
    function.writeConfiguration(6, at: 0x04, byteCount: 2)
    return ScriptedPCIRegisters(function: function)
  }

  @Test func bus_enumerates_theFunctionAndItsCapabilities() throws {
    let (function, _) = disk()
    let bus = PCIBus(access: ScriptedPCIBus(function), lastBus: 0)
    let found = bus.enumerate()
    #expect(found.map(\.address) == [PCIAddress(bus: 0, device: 4)])
    #expect(found.first?.vendorID == 0x1af4)
    #expect(found.first?.deviceID == 0x1042)
    #expect(found.first?.revision == 1)
    var place = Int(function.readConfiguration(at: 0x34, byteCount: 1))
    var types: [UInt32] = []
    while place != 0, types.count < 10 {
      #expect(function.readConfiguration(at: place, byteCount: 1) == 9)
      types.append(function.readConfiguration(at: place + 3, byteCount: 1))
      place = Int(function.readConfiguration(at: place + 1, byteCount: 1))
    }
    #expect(types == [1, 2, 3, 4, 5])
    #expect(function.device.violations == [])
  }

  @Test func bar_sizing_givesItsSizeAndKeepsItsKind() {
    let (function, _) = disk()
    function.writeConfiguration(.max, at: 0x20, byteCount: 4)
    function.writeConfiguration(.max, at: 0x24, byteCount: 4)
    #expect(function.readConfiguration(at: 0x20, byteCount: 4) == 0xffff_c00c)
    #expect(function.readConfiguration(at: 0x24, byteCount: 4) == .max)
    function.writeConfiguration(.max, at: 0x10, byteCount: 4)
    #expect(function.readConfiguration(at: 0x10, byteCount: 4) == 0)
  }

  @Test func mapper_givesTheWindowWhereTheBarPutIt() {
    let (function, _) = disk()
    let bus = ScriptedPCIBus(function)
    #expect(bus.map(address: 0x8_0000_0000, byteCount: 4, space: .memory) == nil)
    function.writeConfiguration(0, at: 0x20, byteCount: 4)
    function.writeConfiguration(8, at: 0x24, byteCount: 4)
    function.writeConfiguration(2, at: 0x04, byteCount: 2)
    let window = bus.map(address: 0x8_0000_0000, byteCount: 0x38, space: .memory)
    #expect(window?.load16(at: 18) == 1)
    #expect(bus.map(address: 0x8_0000_3ffc, byteCount: 8, space: .memory) == nil)
    #expect(bus.map(address: 0x8_0000_0000, byteCount: 4, space: .ports) == nil)
  }

  @Test func accessCapability_reachesTheWindowWithoutTheBar() {
    let (function, _) = disk()
    function.writeConfiguration(2, at: 0x04, byteCount: 2)
    let place = ScriptedPCIFunction.Capability.access
    function.writeConfiguration(4, at: place + 4, byteCount: 1)
    function.writeConfiguration(0x2000, at: place + 8, byteCount: 4)
    function.writeConfiguration(4, at: place + 12, byteCount: 4)
    #expect(function.readConfiguration(at: place + 16, byteCount: 4) == 64)
    #expect(function.device.violations == [])
    _ = function.readConfiguration(at: place + 16, byteCount: 2)
    #expect(function.device.violations.count == 1)
  }

  /// One rule, broken.
  struct Case: CustomTestStringConvertible, Sendable {
    var expected: String
    var breakRule: @Sendable (ScriptedPCIRegisters) -> Void
    var testDescription: String { expected }

    init(_ expected: String, _ breakRule: @escaping @Sendable (ScriptedPCIRegisters) -> Void) {
      self.expected = expected
      self.breakRule = breakRule
    }
  }

  static let cases: [Case] = [
    Case("read while memory decoding is off") {
      $0.function.writeConfiguration(0, at: 4, byteCount: 2)
      _ = $0.load8(at: 20)
    },
    Case("written while memory decoding is off") {
      $0.function.writeConfiguration(0, at: 4, byteCount: 2)
      $0.store8(0, at: 20)
    },
    Case("read at 0x14 by 4 bytes, the field has 1") { _ = $0.load32(at: 20) },
    Case("written at 0x16 by 1 bytes, the field has 2") { $0.store8(0, at: 22) },
    Case("written at 0x12: read-only") { $0.store16(1, at: 18) },
    Case("queue_enable written as 0") { $0.store16(0, at: 28) },
    Case("which is another queue's") { $0.store16(0, at: 0x3000 + 4 * 1) },
    Case("notification by 4 bytes") { $0.store32(0, at: 0x3000) },
    Case("while the function is no bus master") {
      $0.function.writeConfiguration(2, at: 4, byteCount: 2)
      $0.store16(0, at: 0x3000)
    },
    Case("BAR 4 read at 0x3000: nothing to read") { _ = $0.load16(at: 0x3000) },
    Case("BAR 4 written at 0x1000: nothing to write") { $0.store8(0, at: 0x1000) },
    Case("configuration read at 0x0 by 2 bytes, expected 4") { _ = $0.load16(at: 0x2000) },
    Case("configuration space accessed at 0x2 by 4 bytes") {
      _ = $0.function.readConfiguration(at: 2, byteCount: 4)
    },
  ]

  @Test(arguments: cases)
  func window_brokenRule_isRecorded(test: Case) throws {
    let (function, memory) = disk()
    if test.expected.contains("another queue") {
      // Needs a second doorbell.
      let device = ScriptedDevice(type: .network, queueSizes: [8, 8], heap: memory.provider.heap)
      check(test, ScriptedPCIFunction(device: device))
    } else {
      check(test, function)
    }
  }

  private func check(_ test: Case, _ function: ScriptedPCIFunction) {
    let registers = window(function)
    #expect(registers.load8(at: 20) == 0)
    #expect(function.device.violations == [])
    test.breakRule(registers)
    #expect(function.device.violations.contains { $0.contains(test.expected) }, "\(function.device.violations)")
  }

  @Test func interruptStatus_reading_acknowledges() {
    let (function, _) = disk()
    let registers = window(function)
    for status in [1, 3] as [UInt8] { registers.store8(status, at: 20) }
    registers.store32(1, at: 8)
    registers.store32(1, at: 12)
    registers.store8(0xb, at: 20)
    #expect(registers.load8(at: 20) == 0xb)
    registers.store8(0xf, at: 20)
    function.device.changeConfiguration(at: 0, to: [1])
    #expect(registers.load8(at: 0x1000) == 2)
    #expect(registers.load8(at: 0x1000) == 0)
    #expect(registers.load8(at: 21) == 1)
    #expect(function.device.violations == [])
  }
}
