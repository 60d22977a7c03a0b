import DevicePlatform
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// Commands, and what a device can answer.
struct ControlTests {
  private var waiter: TestWaiter { TestWaiter(step: .milliseconds(100)) }

  // SPEC: drivernormative:... / Control Virtqueue / Setting MAC Address Filtering 2
  // SPEC: drivernormative:... / Control Virtqueue / Gratuitous Packet Sending 1
  // SPEC: sec:... / Legacy Interface: Setting MAC Address Filtering 1
  // SPEC: sec:... / Legacy Interface: VLAN Filtering 1
  // SPEC: sec:... / Legacy Interface: Automatic receive steering in multiqueue mode 1
  // SPEC: sec:... / Network Device / Legacy Interface: Framing Requirements 2, 3, 4
  @Test(arguments: [false, true]) func commands_arriveAsTheSpecSays(_ isLegacy: Bool) throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2, isLegacy: isLegacy)
    var options = NetworkOptions()
    options.features.insert(.Network.vlanFilter)
    options.pairs = 2
    var card = try wire.bringUp(options)
    var waiter = waiter
    let modes: [(ReceiveMode, UInt8)] = [
      (.promiscuous, 0), (.allMulticast, 1), (.allUnicast, 2), (.noMulticast, 3), (.noUnicast, 4), (.noBroadcast, 5),
    ]
    for (mode, code) in modes {
      try card.setReceiveMode(mode, true, waiter: &waiter)
      try card.setReceiveMode(mode, false, waiter: &waiter)
      #expect(
        wire.model.commands.suffix(2) == [
          NetworkModel.Command([0, code], [[1]]), NetworkModel.Command([0, code], [[0]]),
        ])
    }
    let one = MACAddress(2, 0, 0, 0, 0, 7)
    let group = MACAddress(1, 0, 0x5e, 0, 0, 1)
    try card.setAddressTable(unicast: [one], multicast: [group, .broadcast], waiter: &waiter)
    #expect(
      wire.model.commands.last
        == NetworkModel.Command(
          [1, 0],
          [[1, 0, 0, 0, 2, 0, 0, 0, 0, 7], [2, 0, 0, 0, 1, 0, 0x5e, 0, 0, 1, 255, 255, 255, 255, 255, 255]]))
    try card.setAddressTable(unicast: [], multicast: [], waiter: &waiter)
    #expect(wire.model.commands.last == NetworkModel.Command([1, 0], [[0, 0, 0, 0], [0, 0, 0, 0]]))
    try card.setAddress(one, waiter: &waiter)
    #expect(wire.model.commands.last == NetworkModel.Command([1, 1], [[2, 0, 0, 0, 0, 7]]) && card.address == one)
    try card.setVLAN(0x123, passes: true, waiter: &waiter)
    try card.setVLAN(0x123, passes: false, waiter: &waiter)
    #expect(
      wire.model.commands.suffix(2) == [
        NetworkModel.Command([2, 0], [[0x23, 1]]), NetworkModel.Command([2, 1], [[0x23, 1]]),
      ])
    try card.acknowledgeAnnouncement(waiter: &waiter)
    #expect(wire.model.commands.last == NetworkModel.Command([3, 0]))
    try card.usePairs(2, waiter: &waiter)
    #expect(wire.model.commands.last == NetworkModel.Command([4, 0], [[2, 0]]))
    #expect(card.controlState?.inFlight == 0 && wire.device.violations == [])
  }

  // SPEC: drivernormative:... / Control Virtqueue / Packet Receive Filtering 1, 2
  // SPEC: drivernormative:... / Control Virtqueue / Setting MAC Address Filtering 1
  @Test func commands_withoutTheirFeature_areNotSent() throws {
    let wire = Wire(features: [Bit.mac, Bit.control])
    var card = try wire.bringUp()
    var waiter = waiter
    let usable = MACAddress(2, 0, 0, 0, 0, 7)
    let errors = [
      failure { () throws(NetworkControlError) in try card.setReceiveMode(.promiscuous, true, waiter: &waiter) },
      failure { () throws(NetworkControlError) in try card.setReceiveMode(.noBroadcast, true, waiter: &waiter) },
      failure { () throws(NetworkControlError) in
        try card.setAddressTable(unicast: [], multicast: [], waiter: &waiter)
      },
      failure { () throws(NetworkControlError) in try card.setAddress(usable, waiter: &waiter) },
      failure { () throws(NetworkControlError) in try card.setVLAN(1, passes: true, waiter: &waiter) },
      failure { () throws(NetworkControlError) in try card.acknowledgeAnnouncement(waiter: &waiter) },
    ]
    let needs: [FeatureSet] = [
      .Network.receiveModes, .Network.extraReceiveModes, .Network.receiveModes,
      [.Network.receiveModes, .Network.addressChange], .Network.vlanFilter, .Network.announcement,
    ]
    #expect(errors == needs.map { .notNegotiated($0) })
    #expect(wire.model.commands == [] && wire.device.violations == [])
  }

  /// Changing the address is a command of the class that needs CTRL_RX, whatever else was negotiated.
  // SPEC: drivernormative:... / Control Virtqueue / Setting MAC Address Filtering 1
  @Test func address_withoutReceiveModes_isNotSent() throws {
    let wire = Wire(features: Bit.all.subtracting(.Network.receiveModes))
    var card = try wire.bringUp()
    var waiter = waiter
    let before = card.address
    let error = failure { () throws(NetworkControlError) in
      try card.setAddress(MACAddress(2, 0, 0, 0, 0, 7), waiter: &waiter)
    }
    #expect(error == .notNegotiated([.Network.receiveModes, .Network.addressChange]) && card.address == before)
    #expect(wire.model.commands == [])
  }

  @Test func commands_impossibleArguments_areRefused() throws {
    let wire = Wire()
    var options = NetworkOptions()
    options.features.insert(.Network.vlanFilter)
    var card = try wire.bringUp(options)
    var waiter = waiter
    let group = MACAddress(1, 0, 0x5e, 0, 0, 1)
    let one = MACAddress(2, 0, 0, 0, 0, 7)
    func error(_ body: () throws(NetworkControlError) -> Void) -> NetworkControlError? { failure(body) }
    #expect(
      error { () throws(NetworkControlError) in
        try card.setAddressTable(unicast: [group], multicast: [], waiter: &waiter)
      } == .wrongAddress(group))
    #expect(
      error { () throws(NetworkControlError) in
        try card.setAddressTable(unicast: [], multicast: [one], waiter: &waiter)
      } == .wrongAddress(one))
    #expect(
      error { () throws(NetworkControlError) in
        try card.setAddressTable(unicast: Array(repeating: one, count: 4097), multicast: [], waiter: &waiter)
      } == .tooManyAddresses(count: 4097, limit: 4096))
    #expect(
      error { () throws(NetworkControlError) in try card.setAddress(group, waiter: &waiter) } == .wrongAddress(group))
    #expect(
      error { () throws(NetworkControlError) in try card.setVLAN(4095, passes: true, waiter: &waiter) }
        == .invalidVLAN(4095))
    #expect(
      error { () throws(NetworkControlError) in try card.usePairs(0, waiter: &waiter) }
        == .pairsUnavailable(count: 0, limit: 1))
    #expect(
      error { () throws(NetworkControlError) in try card.usePairs(2, waiter: &waiter) }
        == .pairsUnavailable(count: 2, limit: 1))
    #expect(wire.model.commands == [])
  }

  // SPEC: drivernormative:... / Control Virtqueue / Automatic receive steering in multiqueue mode 2
  @Test func usePairs_moreThanTheDeviceHas_isNotSent() throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2)
    var options = NetworkOptions()
    options.pairs = 8
    var card = try wire.bringUp(options)
    var waiter = waiter
    for count in [0, 3, 8, -1] {
      let error = failure { () throws(NetworkControlError) in try card.usePairs(count, waiter: &waiter) }
      #expect(error == .pairsUnavailable(count: count, limit: 2))
    }
    #expect(wire.model.commands == [])
  }

  @Test func answers_thatAreNone_areTypedErrorsAndTheNextOneWorks() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    var waiter = waiter
    let cases: [(UInt8, UInt32, NetworkControlError)] = [
      (1, 1, .rejected(.promiscuous)), (2, 1, .unknownAnswer(.promiscuous, 2)),
      (0xff, 1, .unknownAnswer(.promiscuous, 0xff)), (0, 0, .answerLength(.promiscuous, found: 0)),
      (0, 2, .answerLength(.promiscuous, found: 2)), (0, .max, .answerLength(.promiscuous, found: 2)),
    ]
    for (answer, length, expected) in cases {
      (wire.model.answer, wire.model.answerLength) = (answer, length)
      let error = failure { () throws(NetworkControlError) in
        try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
      }
      #expect(error == expected)
      #expect(expected.words.isEmpty == false)
      (wire.model.answer, wire.model.answerLength) = (0, 1)
      try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
    }
    #expect(wire.device.violations == [])
  }

  @Test func answers_ofALegacyDevice_mayHaveAnyLength() throws {
    let wire = Wire(isLegacy: true)
    var card = try wire.bringUp()
    var waiter = waiter
    for length in [UInt32(0), 1, 9] {
      wire.model.answerLength = length
      try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
    }
    #expect(wire.device.violations == [])
  }

  @Test func answers_tooLate_timeOutAndLeaveRoomForMore() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    var waiter = waiter
    wire.device.setManual(true, queue: 2)
    for _ in 0..<40 {
      let error = failure { () throws(NetworkControlError) in
        try card.setReceiveMode(.promiscuous, true, waiter: &waiter, timeout: .milliseconds(300))
      }
      guard case .timedOut = error else {
        Issue.record("expected a time-out, found \(String(describing: error))")
        return
      }
      wire.device.completeAll(queue: 2)
    }
    wire.device.setManual(false, queue: 2)
    try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
    #expect(card.controlState?.inFlight == 0 && wire.device.violations == [])
  }

  @Test func command_deviceBreaksTheRules_isResetAtOnce() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    var waiter = waiter
    wire.device.hostility.usedID = 999
    let error = failure { () throws(NetworkControlError) in
      try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
    }
    #expect(error == .deviceFailed(.idUnknown(999)))
    #expect(wire.device.resetCount == 2 && isNone(card.pair.takeUnused()) == false)
    #expect(
      failure { () throws(NetworkControlError) in try card.setReceiveMode(.promiscuous, true, waiter: &waiter) }
        == .deviceReset)
  }

  @Test func address_legacyDeviceWithoutTheCommand_isWrittenFirstToLast() throws {
    let wire = Wire(features: [Bit.mac], isLegacy: true)
    var card = try wire.bringUp()
    var waiter = waiter
    var places: [Range<Int>] = []
    wire.device.onConfigurationWrite = { places.append($0) }
    try card.setAddress(MACAddress(2, 1, 2, 3, 4, 5), waiter: &waiter)
    #expect(Array(wire.device.configuration[..<6]) == [2, 1, 2, 3, 4, 5])
    #expect(places == (0..<6).map { $0..<$0 + 1 } && wire.device.violations == [])
  }
}
