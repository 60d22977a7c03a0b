import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Opening a legacy or transitional function: which interface is chosen, what is refused.
struct LegacySetUpTests {
  @Test func open_legacyFunction_touchesConfigurationSpaceOnly() throws {
    let bench = legacyNetwork()
    let transport = try bench.transport()
    let type = transport.deviceType
    #expect(type == .network)
    let isLegacy = transport.isLegacy
    #expect(isLegacy)
    // Behind 0x14 bytes of registers in a BAR of 32.
    let byteCount = transport.configurationByteCount
    #expect(byteCount == 12)
    #expect(bench.device.trace.entries.allSatisfy { $0.space == "config " })
    // The one store lets the function decode ports and master the bus.
    #expect(
      bench.device.trace.entries.filter { !$0.isLoad }.map(\.words) == ["config store16 0x004 <- 0x5"])
    #expect(bench.device.violations == [])
  }

  // SPEC: sec:... / Legacy Interface: A Note on Device Layout Detection 4, 5
  @Test func open_legacyFunctionModernOnly_refusedAndLeftAlone() throws {
    let bench = legacyNetwork()
    #expect(try bench.refusal(.modernOnly) == .legacyRefused)
    #expect(!bench.device.trace.entries.contains { !$0.isLoad })
  }

  @Test(arguments: [PCIInterfacePolicy.any, .modernOnly])
  func open_transitionalFunction_isModernWithEitherPolicy(policy: PCIInterfacePolicy) throws {
    let bench = Bench(isTransitional: true) {
      ScriptedDevice(type: .network, queueSizes: [8], configuration: Array(0..<12), heap: $0)
    }
    let (_, function, placement) = try bench.place()
    #expect(function.deviceID == 0x1000 && function.revision == 0)
    #expect(placement.registers.map(\.kind) == [.io, .memory64])
    let transport = try bench.transport(policy)
    let isLegacy = transport.isLegacy
    #expect(!isLegacy)
    let status = transport.readStatus()
    #expect(status == [])
    let words = transport.readDeviceFeatures().contains(.version1)
    #expect(words)
    #expect(bench.device.violations == [])
  }

  @Test func open_transitionalWithBrokenCapability_isBrokenNotLegacy() throws {
    let bench = Bench(isTransitional: true) {
      ScriptedDevice(type: .network, queueSizes: [8], configuration: Array(0..<12), heap: $0)
    }
    bench.lie(6, 1, at: Capability.common + 3)
    #expect(try bench.refusal() == .missing("common configuration"))
  }

  // SPEC: sec:... / Legacy Interface: A Note on Device Layout Detection 2, 3
  @Test func open_transitionalWithoutCapabilities_isLegacy() throws {
    let bench = Bench(isTransitional: true) {
      ScriptedDevice(type: .network, queueSizes: [8], configuration: Array(0..<12), heap: $0)
    }
    bench.lie(0, 2, at: 6)
    let isLegacy = try bench.transport().isLegacy
    #expect(isLegacy)
  }

  @Test func open_otherRevision_refusedByNumber() throws {
    let bench = legacyNetwork()
    bench.lie(1, 1, at: 8)
    let error = try bench.refusal()
    #expect(error == .unknownRevision(1))
    #expect(error?.words == "legacy PCI device of revision 1, expected 0")
    #expect(!bench.device.trace.entries.contains { !$0.isLoad })
  }

  @Test func open_memoryBAR_missing() throws {
    for kind: UInt32 in [0, 8, 4] {
      let bench = legacyNetwork()
      bench.lie(kind, 4, at: 0x10)
      let error = try bench.refusal()
      #expect(error?.words == "the device has no I/O BAR 0, which holds the registers of a legacy device")
    }
  }

  @Test func open_noBAR_missing() throws {
    let bench = legacyNetwork()
    bench.function.portByteCount = 0
    let error = try bench.refusal()
    #expect(error?.words == "the device has no I/O BAR 0, which holds the registers of a legacy device")
  }

  @Test func open_noRoomForTheBAR_refusedByNumber() throws {
    var bench = legacyNetwork()
    bench.windows = ResourceWindows([ResourceWindow(busAddress: 0xe000_0000, byteCount: 0x10_0000)])
    #expect(try bench.refusal() == .barUnusable(index: 0))
    #expect(!bench.device.trace.entries.contains { !$0.isLoad })
  }

  @Test func open_barTooSmall_refused() throws {
    for (byteCount, isFine) in [(4, false), (8, false), (16, false), (32, true)] {
      let bench = legacyNetwork()
      bench.function.portByteCount = byteCount
      let expected = TransportError.windowOutOfRange(
        "legacy register window", offset: 0, byteCount: 20, limit: UInt64(byteCount))
      let error = try bench.refusal()
      #expect(error == (isFine ? nil : expected))
    }
  }

  @Test func open_barLargerThanAnyConfiguration_isCut() throws {
    let bench = legacyNetwork()
    bench.function.portByteCount = 0x2000
    let byteCount = try bench.transport().configurationByteCount
    #expect(byteCount == 4096)
  }

  @Test func open_portsThatCannotBeMapped_refusedByNumber() throws {
    let bench = legacyNetwork()
    let (bus, found, placement) = try bench.place()
    let error = failure { () throws(TransportError) in
      _ = try Transport(
        function: found, placement: placement, bus: bus, mapper: MemoryOnly(bus: bus.access), memory: bench.memory)
    }
    #expect(error == .barUnusable(index: 0))
    #expect(error?.words == "BAR 0 does not exist, has no address, or cannot be mapped")
    #expect(!bench.device.trace.entries.contains { !$0.isLoad })
  }

  @Test func open_portsSeenThroughMemory_driven() throws {
    // What a processor without ports has: the bridge shows them at memory addresses.
    let bench = legacyNetwork()
    let (bus, found, placement) = try bench.place()
    var moved = placement
    moved.locations[0]?.space = .memory
    moved.locations[0]?.address += 0x3eff_0000
    let transport = try Transport(
      function: found, placement: moved, bus: bus, mapper: PortsInMemory(bus: bus.access, base: 0x3eff_0000),
      memory: bench.memory)
    let features = transport.readDeviceFeatures()
    #expect(features.rawValue == 0x2000_0021)
  }

  @Test func open_msixLeftOn_switchedOffBecauseTheConfigurationMoves() throws {
    let bench = legacyNetwork()
    bench.lie(0x0010, 2, at: 6)
    bench.lie(0x40, 1, at: 0x34)
    bench.lie(0x8003_0011, 4, at: 0x40)
    let isLegacy = try bench.transport().isLegacy
    #expect(isLegacy)
    #expect(
      bench.device.trace.entries.contains { !$0.isLoad && $0.offset == 0x42 && $0.value == 0x0003 })
  }
}

/// A platform without ports.
private struct MemoryOnly: RegisterMapper {
  let bus: ScriptedPCIBus
  func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> ScriptedPCIRegisters? {
    space == .memory ? bus.map(address: address, byteCount: byteCount, space: space) : nil
  }
}

/// A platform that has the bus's ports at memory addresses.
private struct PortsInMemory: RegisterMapper {
  let bus: ScriptedPCIBus
  let base: UInt64
  func map(address: UInt64, byteCount: UInt64, space: AddressSpace) -> ScriptedPCIRegisters? {
    guard space == .memory, address >= base else { return nil }
    return bus.map(address: address - base, byteCount: byteCount, space: .ports)
  }
}
