import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Opening a function: what is read, what is refused, what is ignored.
struct PCITransportSetUpTests {
  // SPEC: drivernormative:... / Virtio Structure PCI Capabilities 5
  @Test func open_goodFunction_touchesConfigurationSpaceOnly() throws {
    let bench = network()
    let transport = try bench.transport()
    let type = transport.deviceType
    #expect(type == .network)
    let location = transport.location
    #expect(location == "pci 00:04.0")
    let isLegacy = transport.isLegacy
    #expect(!isLegacy)
    let byteCount = transport.configurationByteCount
    #expect(byteCount == 12)
    #expect(bench.device.trace.entries.allSatisfy { $0.space == "config " })
    // The one store lets the function decode memory and master the bus.
    #expect(
      bench.device.trace.entries.filter { !$0.isLoad }.map(\.words) == ["config store16 0x004 <- 0x6"])
    #expect(bench.device.violations == [])
  }

  @Test func open_eachCapabilityField_isReadOnce() throws {
    let bench = network()
    _ = try bench.transport()
    for capability in [Capability.common, Capability.notify, Capability.device] {
      for field in [2, 8, 12] {
        let reads = bench.device.trace.entries.filter { $0.offset == capability + field && $0.isLoad }
        #expect(reads.count == 1)
      }
    }
  }

  @Test func open_otherFunction_isNoDevice() throws {
    let bench = network()
    bench.lie(0x8086, 2, at: 0)
    #expect(try bench.refusal() == .noDevice)
    #expect(bench.device.trace.entries.isEmpty)
  }

  // SPEC: sec:... / Legacy Interface: A Note on Device Layout Detection 4, 5
  @Test func open_modernDeviceWithoutCapabilities_missing() throws {
    let bench = network()
    bench.lie(0, 1, at: 0x34)
    #expect(try bench.refusal() == .missing("common configuration"))
  }

  // SPEC: drivernormative:... / Virtio Structure PCI Capabilities 1
  @Test(arguments: [
    (Capability.common, TransportError.missing("common configuration")),
    (Capability.notify, .missing("notification structure")), (Capability.interruptStatus, .missing("ISR status")),
  ])
  func open_reservedTypeInstead_missing(capability: Int, error: TransportError) throws {
    for type: UInt32 in [0, 6, 8, 9, 0xff] {
      let bench = network()
      bench.lie(type, 1, at: capability + 3)
      #expect(try bench.refusal() == error)
    }
  }

  // SPEC: drivernormative:... / Virtio Structure PCI Capabilities 3
  @Test func open_reservedBAR_capabilityIgnored() throws {
    for bar: UInt32 in [6, 7, 0xff] {
      let bench = network()
      bench.lie(bar, 1, at: Capability.common + 4)
      #expect(try bench.refusal() == .missing("common configuration"))
    }
  }

  @Test func open_unimplementedBAR_refusedByNumber() throws {
    let bench = network()
    bench.lie(2, 1, at: Capability.notify + 4)
    #expect(try bench.refusal() == .barUnusable(index: 2))
  }

  @Test func open_noRoomForTheBAR_refusedByNumber() throws {
    var bench = network()
    bench.windows = ResourceWindows([])
    #expect(try bench.refusal() == .barUnusable(index: 4))
    #expect(!bench.device.trace.entries.contains { !$0.isLoad })
  }

  @Test func open_windowOutsideTheBAR_refusedInSixtyFourBits() throws {
    for (offset, length) in [(0x4000, 0x38), (0x3fcc, 0x38), (0xffff_fffc, 0x38), (0, 0xffff_ffff), (0xffff_fffc, 8)] {
      let bench = network()
      bench.lie(UInt32(offset), 4, at: Capability.common + 8)
      bench.lie(UInt32(length), 4, at: Capability.common + 12)
      let error = try bench.refusal()
      #expect(
        error
          == .windowOutOfRange(
            "common configuration", offset: UInt64(offset), byteCount: UInt64(length), limit: 0x4000))
    }
  }

  @Test func open_windowThatEndsWithTheBAR_isFine() throws {
    let bench = network()
    bench.lie(0x4000 - 16, 4, at: Capability.notify + 8)
    bench.lie(16, 4, at: Capability.notify + 12)
    #expect(try bench.refusal() == nil)
  }

  @Test(arguments: [
    (Capability.common, 0x37), (Capability.common, 0), (Capability.notify, 1), (Capability.interruptStatus, 0),
    (Capability.device, 0),
  ])
  func open_structureTooShort_refused(capability: Int, length: Int) throws {
    let bench = network()
    bench.lie(UInt32(length), 4, at: capability + 12)
    guard case .windowOutOfRange(_, _, let byteCount, _) = try bench.refusal() else {
      Issue.record("opened")
      return
    }
    #expect(byteCount == UInt64(length))
  }

  // SPEC: drivernormative:Basic Facilities of a Virtio Device / Device Configuration Space 3
  // SPEC: drivernormative:... / Virtio Structure PCI Capabilities 4
  @Test func open_structureUnexpectedlyLong_isFineAndCut() throws {
    let bench = network()
    bench.lie(0x1001, 4, at: Capability.device + 12)
    let byteCount = try bench.transport().configurationByteCount
    #expect(byteCount == 4096)
  }

  // SPEC: drivernormative:... / Virtio Structure PCI Capabilities 2
  @Test func open_capabilityLength_shorterRefusedLongerAccepted() throws {
    for (capability, enough) in [(Capability.common, 16), (Capability.notify, 20)] {
      for length in [0, 3, enough - 1, enough, enough + 1, 0x60, 0xff] {
        let bench = network()
        bench.lie(UInt32(length), 1, at: capability + 2)
        let isFine = length >= enough && capability + length <= 256
        let error = try bench.refusal()
        #expect((error == nil) == isFine)
      }
    }
  }

  @Test func open_misalignedStructure_refused() throws {
    for (capability, offset) in [(Capability.common, 2), (Capability.device, 0x2001), (Capability.notify, 0x3001)] {
      let bench = network()
      bench.lie(UInt32(offset), 4, at: capability + 8)
      guard case .malformedCapability(_, _, let value, _) = try bench.refusal() else {
        Issue.record("opened")
        return
      }
      #expect(value == UInt64(offset))
    }
  }

  @Test func open_oddMultiplier_refused() throws {
    for (multiplier, isFine) in [(0, true), (1, false), (2, true), (3, false), (6, false), (0x8000_0000, true)] {
      let bench = network()
      bench.lie(UInt32(multiplier), 4, at: Capability.notify + 16)
      let error = try bench.refusal()
      #expect((error == nil) == isFine)
    }
    let bench = network()
    bench.lie(3, 4, at: Capability.notify + 16)
    let words = try bench.refusal()?.words
    #expect(
      words
        == "capability for notification structure: notify_off_multiplier is 0x3, expected 0 or a power of two above 1")
  }

  @Test func open_firstOfAKindIsUnusable_secondIsTaken() throws {
    // The device-specific capability becomes a second common one, in the right place; the first leads nowhere.
    let bench = network()
    bench.lie(0xffff_0000, 4, at: Capability.common + 8)
    bench.lie(1, 1, at: Capability.device + 3)
    bench.lie(0, 4, at: Capability.device + 8)
    bench.lie(0x38, 4, at: Capability.device + 12)
    let transport = try bench.transport()
    let byteCount = transport.configurationByteCount
    #expect(byteCount == 0)
    let status = transport.readStatus()
    #expect(status == [])
  }

  @Test func open_firstOfAKindIsUsable_secondIsIgnored() throws {
    let bench = network()
    bench.lie(1, 1, at: Capability.device + 3)
    bench.lie(0xffff_0000, 4, at: Capability.device + 8)
    let byteCount = try bench.transport().configurationByteCount
    #expect(byteCount == 0)
  }

  @Test func open_listInACircle_endsAndUsesWhatIsThere() throws {
    let bench = network()
    bench.lie(UInt32(Capability.common), 1, at: Capability.access + 1)
    #expect(try bench.refusal() == nil)
  }

  @Test func open_msixLeftOn_switchedOff() throws {
    let bench = network()
    // The access capability, which is not used, becomes an enabled MSI-X capability.
    bench.lie(0x11, 1, at: Capability.access)
    bench.lie(0x8003, 2, at: Capability.access + 2)
    _ = try bench.transport()
    #expect(
      bench.device.trace.entries.contains {
        !$0.isLoad && $0.offset == Capability.access + 2 && $0.value == 0x0003
      })
  }

  @Test func open_everyByteOfTheListAtRandom_neverTraps() throws {
    var generator = Generator(state: 7)
    var opened = 0
    for _ in 0..<2000 {
      let bench = network()
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bench.function.space[Int.random(in: 0x34..<0x98, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      guard let transport = try? bench.transport() else { continue }
      opened += 1
      for queue: UInt16 in 0..<3 { (try? transport.makeDoorbell(queue: queue))?.ring() }
    }
    #expect(opened > 100)
  }
}

struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
