import DevicePlatform
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOTestSupport

/// What is negotiated and read before the card is there.
struct BringupTests {
  // SPEC: drivernormative:... / Network Device / Device configuration layout 2
  @Test func card_deviceWithEverything_isReadAndAgreedOn() throws {
    let wire = Wire(mtu: 9000)
    let card = try wire.bringUp()
    #expect(card.address.words == "52:54:00:12:34:56" && card.isLinkUp && card.mtu == 9000)
    #expect(!card.features.contains(.Network.vlanFilter))
    #expect(card.features == Bit.all.subtracting(.Network.vlanFilter).union(.version1))
    #expect(card.layout.mergesBuffers && card.pairLimit == 1)
    #expect(card.pair.buffersInFlight == 16 && wire.device.violations == [])
    // No notification before DRIVER_OK: the model would have recorded it; one for the buffers behind it.
    #expect(wire.device.notifications == [0])
  }

  @Test func card_dropped_givesAllMemoryBack() throws {
    let wire = Wire()
    do {
      var card = try wire.bringUp()
      #expect(refusal(card.pair.send(try wire.frame(frameBytes(60)))) == nil)
      card.pair.publish()
      #expect(wire.memory.buffersInUse > 16)
    }
    #expect(wire.memory.buffersInUse == 0 && wire.memory.buffersLost == 0)
    #expect(wire.heap.violations == [] && wire.device.violations == [])
  }

  @Test(arguments: [UInt64(0), 0x01_00_5e_00_00_01, 0xffff_ffff_ffff])
  func card_impossibleAddress_isRefused(_ address: UInt64) {
    let wire = Wire()
    wire.device.changeConfiguration(
      at: 0, to: (0..<6).map { UInt8(truncatingIfNeeded: address >> UInt64(40 - 8 * $0)) })
    #expect(wire.bringUpError() == .configuration(.invalid(field: ConfigurationField("mac"), value: address)))
    #expect(wire.device.status.contains(.failed) && wire.memory.buffersInUse == 0)
  }

  @Test(arguments: [UInt16(0), 1, 67]) func card_mtuBelow68_isRefused(_ mtu: UInt16) {
    let wire = Wire(mtu: mtu)
    #expect(wire.bringUpError() == .configuration(.invalid(field: ConfigurationField("mtu"), value: UInt64(mtu))))
    #expect(wire.device.status.contains(.failed))
  }

  // SPEC: drivernormative:... / Network Device / Device configuration layout 3, 4
  @Test(arguments: [UInt16(68), 1280, 1500, 65535]) func card_possibleMTU_isObeyed(_ mtu: UInt16) throws {
    for features in [Bit.all, Bit.all.subtracting(Bit.mergeable)] {
      let wire = Wire(features: features, queueSize: 4, mtu: mtu)
      var card = try wire.bringUp()
      #expect(card.mtu == Int(mtu))
      let longest = Int(mtu) + 14
      #expect(refusal(card.pair.send(try wire.frame(frameBytes(longest)))) == nil)
      #expect(
        refusal(card.pair.send(try wire.frame(frameBytes(longest + 1))))
          == .tooLong(byteCount: longest + 1, limit: longest))
      card.pair.publish()
      // The receive buffers hold such a frame.
      #expect(wire.model.deliver(frameBytes(longest, seed: 5)) || longest > 4 * 2048)
      if longest <= 4 * 2048 || !card.layout.mergesBuffers {
        #expect(card.pair.receive()?.array() == frameBytes(longest, seed: 5))
      }
      #expect(wire.device.violations == [])
    }
  }

  /// With 0x8000 pairs no number is left for the control queue.
  @Test(arguments: [UInt16(0), 0x8000, 0x8001]) func card_impossibleNumberOfPairs_isRefused(_ count: UInt16) {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2)
    wire.configure(at: 8, count)
    var options = NetworkOptions()
    options.pairs = 2
    #expect(
      wire.bringUpError(options)
        == .configuration(.invalid(field: ConfigurationField("max_virtqueue_pairs"), value: UInt64(count))))
  }

  @Test func card_deviceWithoutAddress_needsTheCallersChoice() throws {
    let wire = Wire(features: Bit.all.subtracting(Bit.mac))
    #expect(wire.bringUpError() == .featuresMissing(Bit.mac))
    var options = NetworkOptions()
    options.fallbackAddress = MACAddress(localFrom: 0x0123_4567_89ab_cdef)
    let card = try wire.bringUp(options)
    #expect(card.address.isLocal && card.address.isUsable && card.address == options.fallbackAddress)
  }

  // SPEC: sec:... / Network Device / Legacy Interface: Framing Requirements 1
  @Test func card_legacyDeviceWithoutAnyLayout_isRefused() {
    let wire = Wire(isLegacy: true)
    wire.device.offeredFeatures.remove(.anyLayout)
    #expect(wire.bringUpError() == .featuresMissing(.anyLayout))
  }

  @Test func negotiation_controlFeaturesWithoutControlQueue_areNotAccepted() throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs).subtracting(Bit.control), pairs: 2)
    var options = NetworkOptions()
    options.pairs = 2
    let card = try wire.bringUp(options)
    #expect(card.features.isDisjoint(with: [.Network.receiveModes, .Network.queuePairs, .Network.addressChange]))
    #expect(card.pairLimit == 1 && card.controlState == nil)
  }

  @Test func card_noMemoryForBuffers_failsAndLosesNothing() {
    let wire = Wire()
    wire.heap.capacity = 10_000
    guard case .memory = wire.bringUpError() else {
      Issue.record("expected an error about memory")
      return
    }
    #expect(wire.device.status.contains(.failed) && wire.memory.buffersInUse == 0)
  }

  @Test func configuration_tooShort_isRefused() throws {
    let wire = Wire()
    var waiter = TestWaiter()
    // The window ends behind the status field, before the MTU.
    let registers = ScriptedMMIORegisters(device: wire.device, byteCount: 0x108)
    var error: BringupError?
    do {
      _ = try NetworkCard(try Bus(registers: registers, memory: wire.memory), waiter: &waiter)
    } catch let caught { error = caught as? BringupError }
    #expect(error == .configuration(.tooShort(byteCount: 8, needed: 12)))
  }
}
