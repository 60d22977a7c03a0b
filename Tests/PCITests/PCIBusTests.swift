import PCI
import Testing

@Test func address_printsAsEveryoneWritesIt() {
  #expect(PCIAddress(bus: 0, device: 4).description == "00:04.0")
  #expect(PCIAddress(bus: 0xab, device: 31, function: 7).description == "ab:1f.7")
  #expect(PCIAddress(bus: 1, device: 0) > PCIAddress(bus: 0, device: 31, function: 7))
}

@Test func header_readOnce() throws {
  var fake = FakeFunctions.Function(vendorID: 0x1af4, deviceID: 0x1042)
  fake.set32(0x0100_0007, at: 8)
  fake.set32(0x1100_1af4, at: 0x2c)
  fake.bytes[0x3c] = 11
  fake.bytes[0x3d] = 1
  let function = try #require(bus(fake).function(at: slot4))
  #expect(function.vendorID == 0x1af4 && function.deviceID == 0x1042)
  #expect(function.classCode == 0x01_0000 && function.revision == 7)
  #expect(function.subsystemVendorID == 0x1af4 && function.subsystemID == 0x1100)
  #expect(function.interruptLine == 11 && function.interruptPin == 1)
  #expect(bus(fake).function(at: PCIAddress(bus: 0, device: 5)) == nil)
}

@Test func enumerate_multiFunctionBit_decidesWhetherToLook() {
  let functions: [PCIAddress: FakeFunctions.Function] = [
    PCIAddress(bus: 0, device: 1): .init(headerType: 0x80),
    PCIAddress(bus: 0, device: 1, function: 7): .init(),
    PCIAddress(bus: 0, device: 2): .init(),
    PCIAddress(bus: 0, device: 2, function: 1): .init(),
    PCIAddress(bus: 0, device: 3, function: 1): .init(),
  ]
  let found = PCIBus(access: FakeFunctions(functions)).enumerate()
  #expect(found.map(\.address.description) == ["00:01.0", "00:01.7", "00:02.0"])
}

private func bridge(secondary: UInt8) -> FakeFunctions.Function {
  var bridge = FakeFunctions.Function(headerType: 1)
  bridge.bytes[0x19] = secondary
  return bridge
}

@Test func enumerate_numberedBridge_followed() {
  let fake = FakeFunctions([
    PCIAddress(bus: 0, device: 1): bridge(secondary: 5), PCIAddress(bus: 5, device: 0): .init(),
    PCIAddress(bus: 0, device: 2): .init(),
  ])
  #expect(PCIBus(access: fake).enumerate().map(\.address.description) == ["00:01.0", "05:00.0", "00:02.0"])
  #expect(fake.trace.isEmpty)
}

@Test func enumerate_bridgesInACircle_ends() {
  let fake = FakeFunctions([
    PCIAddress(bus: 0, device: 1): bridge(secondary: 5), PCIAddress(bus: 5, device: 0): bridge(secondary: 5),
    PCIAddress(bus: 5, device: 1): bridge(secondary: 0), PCIAddress(bus: 5, device: 2): bridge(secondary: 200),
  ])
  #expect(PCIBus(access: fake, lastBus: 100).enumerate().count == 4)
}

@Test func enumerate_unnumberedBridges_numberedDepthFirst() {
  let fake = FakeFunctions([
    PCIAddress(bus: 0, device: 1): bridge(secondary: 0), PCIAddress(bus: 1, device: 0): bridge(secondary: 0),
    PCIAddress(bus: 2, device: 3): .init(), PCIAddress(bus: 0, device: 2): bridge(secondary: 0),
    PCIAddress(bus: 3, device: 0): .init(),
  ])
  let bus = PCIBus(access: fake)
  #expect(bus.enumerate().map(\.address.description) == ["00:01.0", "00:02.0"])
  #expect(
    bus.enumerate(assignsBusNumbers: true).map(\.address.description)
      == ["00:01.0", "01:00.0", "02:03.0", "00:02.0", "03:00.0"])
  let first = PCIAddress(bus: 0, device: 1)
  #expect((fake.load8(first, at: 0x18), fake.load8(first, at: 0x19), fake.load8(first, at: 0x1a)) == (0, 1, 2))
}

@Test func enumerate_endlessBridges_endsAtTheLastBus() {
  var functions: [PCIAddress: FakeFunctions.Function] = [:]
  for number in 0...255 { functions[PCIAddress(bus: UInt8(number), device: 0)] = bridge(secondary: 0) }
  let fake = FakeFunctions(functions)
  #expect(PCIBus(access: fake).enumerate(assignsBusNumbers: true).count == 256)
}
