import DevicePlatform
import PCI
import QTest
import Testing
import VirtIO
import VirtIOBlock
import VirtIOEntropy
import VirtIOPCI

extension EmulatedMachines {
  /// What QEMU's functions show in configuration space, and what the transport makes of it.
  @Suite struct PCIIdentityTests {
    private static let disk = ["-drive", "file=\(QTestMachine.path(ofFile: 0)),if=none,id=d0,format=raw"]
    private static let entropy = ["-object", "rng-random,id=r0,filename=\(QTestMachine.path(ofFile: 1))"]

    private func files() throws -> [MemoryFile] {
      [
        try MemoryFile(contents: pattern(sector: 0, count: 64)),
        try MemoryFile(contents: pattern(sector: 9, count: 256)),
      ]
    }

    /// Otherwise the places would all be the same one.
    @Test(arguments: Place.withPCI)
    func function_ofEachPlace_hasItsIdentityAndIsPlaced(_ place: Place) throws {
      let bench = try Bench(
        place, arguments: Self.disk + ["-device", "\(place.model("blk")),drive=d0,addr=7"], files: try files())
      try expectIdentity(try #require(bench.bus), bench)
      try bench.expectCleanEnd()
    }

    private func expectIdentity(_ bus: FirmwarelessBus, _ bench: Bench) throws {
      let functions = bus.functions(.block)
      #expect(functions.map(\.address) == [PCIAddress(bus: 0, device: 7)])
      let function = try #require(functions.first)
      let hasPorts = bench.place == .q35TransitionalPCI || bench.place.isLegacy
      #expect(function.deviceID == (hasPorts ? 0x1001 : 0x1042))
      #expect(bus.bus.baseAddressRegisters(of: function).allSatisfy { !$0.isPlaced })
      #expect(bus.bus.baseAddressRegisters(of: function).contains { $0.kind == .io } == hasPorts)
      let spaces: PCICommand = [.io, .memory, .busMaster]
      #expect(bus.bus.command(of: function.address).isDisjoint(with: spaces))
      let transport = try bus.transport(to: function)
      #expect(transport.location == "pci 00:07.0")
      #expect(transport.deviceType == .block && transport.isLegacy == bench.place.isLegacy)
      #expect(
        bus.bus.command(of: function.address).intersection(spaces)
          == (hasPorts ? spaces : [.memory, .busMaster]))
    }

    @Test func legacyOnly_modernAskedFor_isRefusedUntouchedAndTheOtherDeviceWorks() throws {
      let bench = try Bench(
        .q35PCI,
        arguments: Self.disk + Self.entropy + [
          "-device", "virtio-rng-pci,rng=r0,addr=3,disable-modern=on,disable-legacy=off",
          "-device", "virtio-blk-pci,drive=d0,addr=4,disable-legacy=on",
        ], files: try files(), name: "virtio-blk")
      let bus = try #require(bench.bus)
      let functions = bus.bus.enumerate().filter { PCIDeviceIdentity.deviceType(of: $0) != .none }
      #expect(functions.map(\.address.device) == [3, 4])
      #expect(functions.map(PCIDeviceIdentity.deviceType(of:)) == [.entropy, .block])

      let refused = try #require(functions.first)
      #expect(bus.refusal(of: refused, .modernOnly) == .legacyRefused)
      #expect(bus.bus.command(of: refused.address).isDisjoint(with: [.io, .memory, .busMaster]))

      do {
        var waiter = bench.machine.waiter
        var disk = try BlockDevice(try bus.transport(to: try #require(functions.last)), waiter: &waiter)
        var buffer = try bench.machine.memory.allocate(byteCount: 512)
        try disk.read(sector: 5, into: &buffer, waiter: &waiter)
        #expect(buffer.array(512) == pattern(sector: 5))
        try bench.expectAgreement(on: disk.queueState)
      }
      let names = try bench.machine.monitor.virtioDevices()
      let path = try #require(names.first { $0.name == "virtio-rng" }).path
      #expect(try bench.machine.monitor.virtioStatus(path).status == 0)
      try bench.expectCleanEnd()
    }

    /// The I/O BAR of a transitional device stays without an address.
    @Test func transitional_withoutPortsOnTheBus_worksByMemoryAlone() throws {
      let bytes = pattern(sector: 9, count: 256)
      let bench = try Bench(
        .aarch64PCI, arguments: Self.entropy + ["-device", "virtio-rng-pci,rng=r0,addr=3"], files: try files())
      let bus = try FirmwarelessBus(bench.machine, portsOnly: false, hasPorts: false)
      let function = try #require(bus.functions(.entropy).first)
      #expect(function.deviceID == 0x1005)
      #expect(bus.bus.baseAddressRegisters(of: function).contains { $0.kind == .io })
      do {
        var waiter = bench.machine.waiter
        var source = try EntropySource(try bus.transport(to: function), waiter: &waiter)
        #expect(bus.bus.command(of: function.address).intersection([.io, .memory]) == .memory)
        #expect(try source.bytes(100, waiter: &waiter) == Array(bytes[..<100]))
        try bench.expectAgreement(on: source.queueState)
      }
      try bench.expectCleanEnd()
    }
  }
}
