import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOMMIO
import VirtIONetwork
import VirtIOPCI
import VirtualMachine

extension EmulatedMachines {
  /// The network driver against QEMU's network card, whose cable ends here: every frame is known on both ends.
  @Suite struct NetworkTests {
    /// Where, and whether the driver accepts that a frame may fill several buffers.
    static let places: [Place] = [.q35PCI, .q35LegacyPCI, .aarch64LegacyMMIO, .aarch64MMIO]

    @Test(arguments: places, [true, false])
    func frames_everySizeBothWays_arriveByteForByte(_ place: Place, _ merges: Bool) throws {
      let cable = try Cable()
      let bench = try Bench.network(place, cable)
      try bench.use(.network, EverySize(cable: cable, merges: merges, bufferByteCount: nil))
      try bench.expectCleanEnd()
    }

    /// Buffers of 256 bytes: most frames fill several.
    @Test(arguments: [Place.q35PCI, .q35LegacyPCI])
    func frames_overManyBuffers_arriveByteForByte(_ place: Place) throws {
      let cable = try Cable()
      let bench = try Bench.network(place, cable)
      try bench.use(.network, EverySize(cable: cable, merges: true, bufferByteCount: 256))
      try bench.expectCleanEnd()
    }

    /// What the device can be asked for, with the monitor's account of it beside.
    @Test(arguments: places) func card_eventsAndFilters_agreeWithTheMonitor(_ place: Place) throws {
      let cable = try Cable()
      let bench = try Bench.network(place, cable, properties: ",mac=52:54:00:ab:cd:ef,host_mtu=1400")
      try bench.use(.network, EventsAndFilters())
      try bench.expectCleanEnd()
    }
  }
}

extension Bench {
  /// A machine with one network card, and a cable in it.
  static func network(_ place: Place, _ cable: Cable, properties: String = "") throws -> Bench {
    let bench = try network(
      place, net: Cable.backend(file: 0), properties: properties, arguments: [], files: [cable.theirs])
    cable.theirs.close()
    return bench
  }

  /// A machine with one network card on a network of QEMU's.
  ///
  /// - Parameter net: of `-netdev`, with the name `net0`.
  static func network(
    _ place: Place, net: String, properties: String = "", arguments: [String], files: [any InheritedFile] = []
  ) throws -> Bench {
    let card = "\(place.model("net")),netdev=net0,id=card\(properties)\(place.isPCI ? ",romfile=" : "")"
    var configuration = QTestMachine.Configuration(
      place.kind, arguments: ["-netdev", net] + arguments + ["-device", card], files: files)
    configuration.isLegacyMMIO = place.isLegacy
    return try Bench(place, configuration)
  }
}

/// Frames of 60 to 1514 bytes in both directions, in bursts.
private struct EverySize: TransportUser {
  let cable: Cable
  let merges: Bool
  let bufferByteCount: Int?

  static func frame(_ size: Int, _ seed: UInt8) -> [UInt8] {
    var bytes = Array(pattern(sector: UInt64(size), count: 3, seed: seed)[..<size])
    bytes[0] = 0x52
    return bytes
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var options = NetworkOptions()
    if !merges { options.features.remove(.Network.mergeableBuffers) }
    options.receiveBufferByteCount = bufferByteCount
    var card = try NetworkCard(transport, options: options, waiter: &waiter)
    let header = bench.place.isLegacy && !merges ? 10 : 12
    #expect(card.layout.headerByteCount == header && card.layout.mergesBuffers == merges)
    bench.machine.connection.postsWrites = true
    for first in stride(from: 60, through: 1514, by: 32) {
      let sizes = Array(first...min(first + 31, 1514))
      try sendAll(sizes, &card.pair, bench, &waiter)
      try receiveAll(sizes, &card.pair, &waiter)
    }
    let (sent, received) = (card.pair.transmitCounters, card.pair.receiveCounters)
    #expect(sent.sent == 1455 && received.frames == 1455 && received.drops.total == 0)
    #expect(sent.bytes == received.bytes && sent.accepted == sent.sent)
    #expect(received.buffersGiven == received.buffersDelivered + UInt64(card.pair.buffersInFlight))
    #expect((received.buffersDelivered > 1455) == (bufferByteCount != nil))
    #expect(card.pair.transmitState.counters.falseLengths == 0 && card.pair.receiveState.counters.falseLengths == 0)
    #expect(card.status.contains(.driverOK))
  }

  private func sendAll<T: Transport & ~Copyable>(
    _ sizes: [Int], _ pair: inout NetworkQueuePair<T>, _ bench: Bench, _ waiter: inout QTestWaiter
  ) throws {
    var frames: [[UInt8]] = []
    for size in sizes {
      let bytes = Self.frame(size, 0x5a)
      frames.append(bytes)
      // From varying places in the buffer: what is in front stays here.
      let offset = size & 15
      var buffer = try bench.machine.memory.allocate(byteCount: 2048)
      for (index, byte) in bytes.enumerated() { buffer[offset + index] = byte }
      guard case .accepted = pair.send(OutgoingFrame(buffer, from: offset, byteCount: size)) else {
        Issue.record("a frame of \(size) bytes was refused")
        return
      }
    }
    pair.publish()
    let deadline = waiter.now + .seconds(10)
    var reclaimed = 0
    while reclaimed < sizes.count, waiter.now < deadline {
      let count = pair.reclaimBatch(upTo: 64) { _ in }
      if count == 0 { waiter.wait(until: deadline) }
      reclaimed += count
    }
    var arrived: [[UInt8]] = []
    while arrived.count < sizes.count, waiter.now < deadline {
      if let frame = cable.receive() { arrived.append(frame) } else { waiter.wait(until: deadline) }
    }
    #expect(reclaimed == sizes.count && arrived == frames)
  }

  private func receiveAll<T: Transport & ~Copyable>(
    _ sizes: [Int], _ pair: inout NetworkQueuePair<T>, _ waiter: inout QTestWaiter
  ) throws {
    for size in sizes { try cable.send(Self.frame(size, 0xa5)) }
    var arrived: [[UInt8]] = []
    let deadline = waiter.now + .seconds(10)
    while arrived.count < sizes.count, waiter.now < deadline {
      guard let frame = pair.receive() else {
        waiter.wait(until: deadline)
        continue
      }
      arrived.append(frame.array())
      pair.recycle(frame)
      pair.publish()
    }
    #expect(arrived == sizes.map { Self.frame($0, 0xa5) })
  }
}

/// Link, MTU, address, receive modes, filters, announcement.
private struct EventsAndFilters: TransportUser {
  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    let monitor = bench.machine.monitor
    var options = NetworkOptions()
    options.features.insert(.Network.vlanFilter)
    var card = try NetworkCard(transport, options: options, waiter: &waiter)
    #expect(card.address.words == "52:54:00:ab:cd:ef")
    #expect(card.mtu == 1400 && card.layout.maximumFrameByteCount == 1414)

    #expect(card.configuration.isLinkUp)
    try monitor.execute("set_link", ["name": .string("card"), "up": .boolean(false)])
    #expect(try card.refreshConfiguration() == .link)
    #expect(!card.configuration.isLinkUp)
    try monitor.execute("set_link", ["name": .string("card"), "up": .boolean(true)])
    #expect(try card.refreshConfiguration() == .link)
    #expect(card.configuration.isLinkUp)

    let (one, group) = (MACAddress(2, 0, 0, 0, 0, 7), MACAddress(1, 0, 0x5e, 0, 0, 1))
    try card.setReceiveMode(.promiscuous, false, waiter: &waiter)
    try card.setAddressTable(unicast: [one], multicast: [group], waiter: &waiter)
    try card.setVLAN(5, passes: true, waiter: &waiter)
    try card.setVLAN(300, passes: true, waiter: &waiter)
    try card.setVLAN(5, passes: false, waiter: &waiter)
    var filter = try filter(bench)
    // QEMU 7.2 prints its flag that suppresses broadcasts under the name "broadcast-allowed".
    #expect(filter["promiscuous"]?.isTrue == false && filter["broadcast-allowed"]?.isTrue == false)
    #expect(filter["unicast-table"]?.elements == [.string(one.words)])
    #expect(filter["multicast-table"]?.elements == [.string(group.words)])
    #expect(filter["vlan-table"]?.elements == [.integer(300)])
    #expect(filter["main-mac"]?.text == "52:54:00:ab:cd:ef")

    try card.setAddress(one, waiter: &waiter)
    try card.setReceiveMode(.allMulticast, true, waiter: &waiter)
    try card.setReceiveMode(.noUnicast, true, waiter: &waiter)
    try card.setReceiveMode(.noBroadcast, true, waiter: &waiter)
    filter = try self.filter(bench)
    #expect(filter["main-mac"]?.text == one.words && filter["multicast"]?.text == "all")
    #expect(filter["unicast"]?.text == "none" && filter["broadcast-allowed"]?.isTrue == true)

    #expect(card.configuration.wantsAnnouncement == false)
    try monitor.execute(
      "announce-self",
      ["initial": .integer(50), "max": .integer(50), "rounds": .integer(1), "step": .integer(10)])
    let deadline = waiter.now + .seconds(10)
    while try !card.refreshConfiguration().contains(.announcement), waiter.now < deadline {
      waiter.wait(until: deadline)
    }
    #expect(card.configuration.wantsAnnouncement == true)
    try card.acknowledgeAnnouncement(waiter: &waiter)
    #expect(try card.refreshConfiguration() == [])
    #expect(card.configuration.wantsAnnouncement == false)
  }

  private func filter(_ bench: Bench) throws -> QMPValue {
    let answer = try bench.machine.monitor.execute("query-rx-filter", ["name": .string("card")])
    return try #require(answer.elements?.first)
  }
}
