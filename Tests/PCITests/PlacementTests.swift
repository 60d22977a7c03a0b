import PCI
import Testing

/// What QEMU's virtio-blk-pci looks like before any firmware: I/O, MSI-X table, modern registers.
private func virtIOLike() -> FakeFunctions.Function {
  var function = FakeFunctions.Function()
  function.setBAR(0, 1, mask: 0xffff_ff80)
  function.setBAR(1, 0, mask: 0xffff_f000)
  function.setBAR(4, 0xc, mask: 0xffff_c000)
  function.setBAR(5, 0, mask: 0xffff_ffff)
  function.bytes[4] = 7
  return function
}

private func function(_ bus: PCIBus<FakeFunctions>) throws -> PCIFunction { try #require(bus.function(at: slot4)) }

@Test func sizing_threeKinds_valuesRestored() throws {
  let bus = bus(virtIOLike())
  #expect(
    try bus.baseAddressRegisters(of: function(bus)) == [
      BaseAddressRegister(index: 0, kind: .io, isPrefetchable: false, busAddress: 0, byteCount: 128),
      BaseAddressRegister(index: 1, kind: .memory32, isPrefetchable: false, busAddress: 0, byteCount: 4096),
      BaseAddressRegister(index: 4, kind: .memory64, isPrefetchable: true, busAddress: 0, byteCount: 16384),
    ])
  #expect(bus.access.load32(slot4, at: 0x10) == 1)
  #expect(bus.access.load32(slot4, at: 0x20) == 0xc)
  #expect(bus.access.load32(slot4, at: 0x24) == 0)
  #expect(bus.command(of: slot4) == [.io, .memory, .busMaster])
  // Decoding goes off before the first BAR is touched, and on again after the last.
  #expect(bus.access.trace.first == "00:04.0 4 <- 4")
  #expect(bus.access.trace.last == "00:04.0 4 <- 7")
}

@Test func sizing_contradictions_leftOut() throws {
  var fake = FakeFunctions.Function()
  fake.setBAR(0, 0, mask: 0x0f00_f000)
  fake.setBAR(1, 6, mask: 0xffff_f000)
  fake.setBAR(2, 2, mask: 0xffff_f000)
  fake.setBAR(3, 1, mask: 0xfff0)
  fake.setBAR(5, 4, mask: 0xffff_f000)
  let bus = bus(fake)
  let registers = try bus.baseAddressRegisters(of: function(bus))
  #expect(registers.map(\.index) == [3])
  #expect(registers.map(\.byteCount) == [16])
}

private let q35 = [
  ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x1000_0000),
  ResourceWindow(isIO: true, busAddress: 0xc000, byteCount: 0x1000, space: .ports),
]

@Test func place_withoutFirmware_alignedAndWritten() throws {
  let bus = bus(virtIOLike())
  var windows = ResourceWindows(q35)
  let placement = bus.place(try function(bus), in: &windows)
  #expect(placement.registers.map(\.busAddress) == [0xc000, 0xe000_0000, 0xe000_4000])
  #expect(placement.location(ofBAR: 0) == BARLocation(address: 0xc000, byteCount: 128, space: .ports, isIO: true))
  #expect(placement.location(ofBAR: 4) == BARLocation(address: 0xe000_4000, byteCount: 16384))
  #expect(placement.location(ofBAR: 5) == nil)
  #expect(bus.access.load32(slot4, at: 0x10) == 0xc001)
  #expect(bus.access.load32(slot4, at: 0x20) == 0xe000_400c)
  #expect(bus.command(of: slot4) == .busMaster)
  bus.enable(try function(bus), placement)
  #expect(bus.command(of: slot4) == [.io, .memory, .busMaster])
}

@Test func place_byFirmware_keptUnlessTakenOrOutside() throws {
  var fake = virtIOLike()
  fake.setBAR(1, 0xe123_4000, mask: 0xffff_f000)
  fake.setBAR(4, 0x1000_000c, mask: 0xffff_c000)
  let bus = bus(fake)
  var windows = ResourceWindows(q35)
  let placement = bus.place(try function(bus), in: &windows)
  #expect(placement.registers.map(\.busAddress) == [0xc000, 0xe123_4000, 0xe000_0000])
  // The same firmware address a second time: the other function has to move.
  let again = bus.place(try function(bus), in: &windows)
  #expect(Set(again.registers.map(\.busAddress)).isDisjoint(with: placement.registers.map(\.busAddress)))
}

@Test func place_noIOWindow_refusedByNameAndNotDecoded() throws {
  let bus = bus(virtIOLike())
  var windows = ResourceWindows([q35[0]])
  let placement = bus.place(try function(bus), in: &windows)
  #expect(placement.refusals == [.noRoom(bar: 0, kind: .io, byteCount: 128)])
  #expect(placement.refusals[0].words == "BAR 0: no I/O window has room for 0x80 bytes")
  #expect(placement.decodable == .memory)
  bus.enable(try function(bus), placement)
  #expect(bus.command(of: slot4) == [.memory, .busMaster])
}

private func memory(_ byteCount: UInt64, _ kind: BaseAddressRegister.Kind = .memory64) -> BaseAddressRegister {
  BaseAddressRegister(index: 2, kind: kind, isPrefetchable: false, busAddress: 0, byteCount: byteCount)
}

@Test func allocate_fullWindow_nextThenRefused() throws {
  var windows = ResourceWindows([
    ResourceWindow(busAddress: 0x1000, byteCount: 0x3000, cpuAddress: 0x9000),
    ResourceWindow(busAddress: 0x80_0000_0000, byteCount: 0x2000),
  ])
  #expect(try windows.allocate(memory(0x2000)) == 0x2000)
  #expect(try windows.allocate(memory(0x1000)) == 0x1000)
  #expect(throws: ResourceError.noRoom(bar: 2, kind: .memory32, byteCount: 0x1000)) {
    try windows.allocate(memory(0x1000, .memory32))
  }
  #expect(try windows.allocate(memory(0x2000)) == 0x80_0000_0000)
  #expect(throws: ResourceError.self) { try windows.allocate(memory(0x1000)) }
  #expect(throws: ResourceError.self) { try windows.allocate(memory(1 << 63)) }
  var placed = memory(0x1000)
  placed.busAddress = 0x1000
  #expect(windows.cpuAddress(of: placed)?.address == 0x9000)
}

@Test func allocate_neverAtZero() throws {
  var windows = ResourceWindows([ResourceWindow(isIO: true, busAddress: 0, byteCount: 0x100, cpuAddress: 0x3eff_0000)])
  let port = BaseAddressRegister(index: 0, kind: .io, isPrefetchable: false, busAddress: 0, byteCount: 0x40)
  #expect(try windows.allocate(port) == 0x40)
}

@Test func allocate_windowAtTheEndOfTheAddressSpace_noOverflow() throws {
  var windows = ResourceWindows([ResourceWindow(busAddress: .max - 0xfff, byteCount: .max)])
  #expect(try windows.allocate(memory(0x1000)) == .max - 0xfff)
  #expect(throws: ResourceError.self) { try windows.allocate(memory(0x1000)) }
}

@Test func reserve_noMultipleOfItsSize_refused() {
  var windows = ResourceWindows(q35)
  var register = BaseAddressRegister(
    index: 4, kind: .memory64, isPrefetchable: false, busAddress: 0xe000_0800, byteCount: 0x4000)
  let isMisplacedTaken = windows.reserve(register)
  #expect(!isMisplacedTaken)
  register.busAddress = 0xe000_4000
  let isTaken = windows.reserve(register)
  #expect(isTaken)
}
