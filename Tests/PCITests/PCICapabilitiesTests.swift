import PCI
import Testing

private func capabilities(first: UInt8, _ entries: [(id: UInt8, offset: Int, next: UInt8)]) -> PCICapabilities {
  var function = FakeFunctions.Function()
  function.bytes[6] |= 0x10
  function.bytes[0x34] = first
  for entry in entries { function.addCapability(entry.id, at: entry.offset, next: entry.next) }
  return bus(function).capabilities(of: slot4)
}

@Test func capabilities_list_inOrder() {
  let list = capabilities(first: 0x98, [(9, 0x98, 0x40), (0x11, 0x40, 0)])
  #expect(list.entries == [PCICapability(id: 9, offset: 0x98), PCICapability(id: 0x11, offset: 0x40)])
  #expect(list.fault == nil)
  #expect(list.first(id: PCICapability.msixID)?.offset == 0x40)
}

@Test func capabilities_statusBitClear_noList() {
  var function = FakeFunctions.Function()
  function.bytes[0x34] = 0x40
  function.bytes[0x40] = 9
  let list = bus(function).capabilities(of: slot4)
  #expect(list.entries.isEmpty && list.fault == nil)
}

@Test func capabilities_loop_endsWithAFault() {
  let list = capabilities(first: 0x40, [(9, 0x40, 0x50), (9, 0x50, 0x40)])
  #expect(list.entries.count == 2)
  #expect(list.fault == .loop(offset: 0x40))
}

@Test func capabilities_intoTheHeader_endsWithAFault() {
  #expect(capabilities(first: 0x10, []).fault == .outOfRange(offset: 0x10))
}

@Test func capabilities_reservedPointerBits_leftOut() {
  let list = capabilities(first: 0x43, [(9, 0x40, 0x52), (5, 0x50, 1)])
  #expect(list.entries.map(\.offset) == [0x40, 0x50])
  #expect(list.fault == nil)
}

@Test func capabilities_everyPlaceTaken_48Entries() {
  let list = capabilities(first: 0x40, stride(from: 0x40, to: 0x100, by: 4).map { (9, $0, UInt8(($0 + 4) & 0xff)) })
  #expect(list.entries.count == 48)
  #expect(list.fault == nil)
}
