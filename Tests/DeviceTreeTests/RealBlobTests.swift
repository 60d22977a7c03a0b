import DeviceTree
import Testing

@Test func aarch64_virtIOSlots_ascendingWithInterrupts() throws {
  let tree = try FlattenedDeviceTree(RealBlobs.aarch64Virt)
  let slots = try tree.devices(compatibleWith: "virtio,mmio")
  #expect(slots.map(\.registers.address) == (0..<32).map { 0x0a00_0000 + 0x200 * $0 })
  #expect(slots.allSatisfy { $0.registers.byteCount == 0x200 && $0.isDMACoherent })
  #expect(slots[3].interruptCells == [0, 19, 1])
  #expect(slots[3].path == "/virtio_mmio@a000600")
}

@Test func aarch64_machine_memoryAndNames() throws {
  let tree = try FlattenedDeviceTree(RealBlobs.aarch64Virt)
  #expect(try tree.memory() == [AddressRange(address: 0x4000_0000, byteCount: 256 << 20)])
  #expect(try tree.reservedMemory().isEmpty)
  #expect(try tree.timebaseFrequency() == nil)
  #expect(tree.nodes(compatibleWith: "arm,pl011").map(\.name) == ["pl011@9000000"])
  #expect(tree.node(atPath: "/pl011")?.path == "/pl011@9000000")
  #expect(tree.node(atPath: "/pl01") == nil)
}

@Test func aarch64_pciHost_windowsOfAllThreeKinds() throws {
  let host = try #require(try FlattenedDeviceTree(RealBlobs.aarch64Virt).pciHost())
  #expect(host.configuration == AddressRange(address: 0x40_1000_0000, byteCount: 256 << 20))
  #expect(host.buses == 0...255)
  #expect(host.isDMACoherent)
  #expect(
    host.windows == [
      PCIHostWindow(space: .io, isPrefetchable: false, busAddress: 0, cpuAddress: 0x3eff_0000, byteCount: 0x10000),
      PCIHostWindow(
        space: .memory32, isPrefetchable: false, busAddress: 0x1000_0000, cpuAddress: 0x1000_0000,
        byteCount: 0x2eff_0000),
      PCIHostWindow(
        space: .memory64, isPrefetchable: false, busAddress: 0x80_0000_0000, cpuAddress: 0x80_0000_0000,
        byteCount: 0x80_0000_0000),
    ])
  #expect(host.interruptMapMask == [0x1800, 0, 0, 7])
  #expect(host.interruptMap.count == 16 * 10)
}

@Test func riscv64_machine_throughTheSoCBus() throws {
  let tree = try FlattenedDeviceTree(RealBlobs.riscv64Virt)
  #expect(try tree.memory() == [AddressRange(address: 0x8000_0000, byteCount: 128 << 20)])
  #expect(try tree.timebaseFrequency() == 10_000_000)
  let slots = try tree.devices(compatibleWith: "virtio,mmio")
  #expect(slots.map(\.registers.address) == (1...8).map { 0x1000_0000 + 0x1000 * $0 })
  #expect(slots.map(\.interruptCells) == (1...8).map { [$0] })
  let host = try #require(try tree.pciHost())
  #expect(host.configuration == AddressRange(address: 0x3000_0000, byteCount: 256 << 20))
  #expect(host.windows.map(\.space) == [.io, .memory32, .memory64])
  #expect(host.windows.map(\.cpuAddress) == [0x300_0000, 0x4000_0000, 0x4_0000_0000])
}
