import DevicePlatform
import Foundation
import QTest
import Testing
import VirtIO
import VirtIOConsole

extension EmulatedMachines {
  /// The console driver against QEMU's virtio-serial: two ports on sockets, and a console.
  @Suite struct ConsoleMatrixTests {
    /// Bytes of each stream, a quarter of them on most transports; all of 10 MB everywhere in a soak.
    static let streamByteCount = ProcessInfo.processInfo.environment["VIREO_CONSOLE_BYTES"].flatMap { Int($0) }

    @Test(arguments: Place.allCases)
    func twoPortsAtOnce_bothWays_areBitExact(_ place: Place) throws {
      try run(place) { PortTrial(peers: $0, byteCount: Self.streamByteCount ?? (place == .q35PCI ? 200_000 : 50_000)) }
    }

    @Test(arguments: [Place.q35PCI, .aarch64MMIO, .riscv64LegacyMMIO])
    func ports_openedClosedAddedAndRemoved_areTold(_ place: Place) throws {
      try run(place) { ChangeTrial(peers: $0) }
    }

    /// One port, no control queues: what QEMU does with `max_ports=1`.
    @Test(arguments: [Place.q35PCI, .aarch64LegacyMMIO])
    func onePort_withoutMultiport_carriesText(_ place: Place) throws {
      let listener = try Listener()
      let bench = try Bench(
        place,
        arguments: [
          "-device", "\(place.model("serial")),id=vs0,max_ports=1", "-chardev", Self.chardev(0), "-device",
          "virtconsole,bus=vs0.0,chardev=chardev0",
        ], files: [listener])
      try bench.use(.console, SinglePortTrial(peer: ConsolePeer(listener)))
      try bench.expectCleanEnd()
    }

    /// A machine with two ports on sockets and a console that keeps its text.
    private func run<Trial: TransportUser>(_ place: Place, _ trial: ([ConsolePeer]) -> Trial) throws {
      let listeners = [try Listener(), try Listener()]
      let bench = try Bench(
        place,
        arguments: [
          "-device", "\(place.model("serial")),id=vs0,max_ports=6", "-chardev", Self.chardev(0), "-chardev",
          Self.chardev(1), "-chardev", "ringbuf,id=text", "-device",
          "virtserialport,bus=vs0.0,nr=1,chardev=chardev0,name=org.vireo.first", "-device",
          "virtserialport,bus=vs0.0,nr=2,chardev=chardev1,name=org.vireo.second", "-device",
          "virtconsole,bus=vs0.0,nr=0,chardev=text",
        ], files: listeners)
      try bench.use(.console, trial(listeners.map { ConsolePeer($0) }))
      try bench.expectCleanEnd()
    }

    private static func chardev(_ index: Int) -> String {
      "socket,id=chardev\(index),fd=\(QTestMachine.path(ofFile: index).split(separator: "/").last ?? ""),"
        + "server=on,wait=off"
    }
  }
}

extension ConsolePorts where T: ~Copyable {
  /// Collects events until `isDone`.
  mutating func events(_ waiter: inout QTestWaiter, until isDone: ([ConsoleEvent]) -> Bool) -> [ConsoleEvent] {
    var events: [ConsoleEvent] = []
    let deadline = waiter.now + .seconds(10)
    while !isDone(events), waiter.now < deadline {
      if let event = nextEvent() { events.append(event) } else { waiter.wait(until: deadline) }
    }
    return events
  }
}

/// Two streams out and two in, all at once, compared byte by byte.
private struct PortTrial: TransportUser {
  let peers: [ConsolePeer]
  let byteCount: Int

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var console = try ConsolePorts(transport, waiter: &waiter)
    bench.machine.connection.postsWrites = true
    #expect(console.deviceMaximumPorts == 6)
    for peer in peers { try peer.connect() }
    // Opened may come more than once: by the connection, and in answer to the driver.
    let expected: [ConsoleEvent] = [
      .added(port: 0), .added(port: 1), .added(port: 2), .isConsole(port: 0), .named(port: 1), .named(port: 2),
      .opened(port: 0), .opened(port: 1), .opened(port: 2),
    ]
    let events = console.events(&waiter) { events in expected.allSatisfy { events.contains($0) } }
    #expect(events.allSatisfy { expected.contains($0) }, "\(events)")
    #expect(expected.allSatisfy { events.contains($0) }, "\(events)")
    #expect(console.name(ofPort: 1) == "org.vireo.first" && console.name(ofPort: 2) == "org.vireo.second")
    for port in 1...2 { try console.open(port: port) }

    let outgoing = (1...2).map { noise(byteCount, seed: UInt64($0)) }
    let incoming = (1...2).map { noise(byteCount, seed: UInt64(10 + $0)) }
    for (peer, bytes) in zip(peers, incoming) { peer.outgoing = bytes }
    var state = [Progress(), Progress()]
    for port in 1...2 {
      for _ in 0..<8 {
        guard case .accepted = console.startRead(port: port, into: try bench.machine.memory.allocate(byteCount: 3000))
        else { throw QTestError.malformed(what: "read", found: "refused") }
      }
      console.publish(port: port)
    }
    var deadline = waiter.now + .seconds(10)
    while waiter.now < deadline {
      var isBusy = false
      for index in 0..<2 {
        if try step(&console, index + 1, outgoing[index], &state[index], bench.machine.memory) { isBusy = true }
        if try peers[index].pump() { isBusy = true }
      }
      if peers.allSatisfy({ $0.received.count >= byteCount }), state.allSatisfy({ $0.received.count >= byteCount }) {
        break
      }
      if isBusy { deadline = waiter.now + .seconds(10) } else { waiter.wait(until: deadline) }
    }
    for index in 0..<2 {
      #expect(peers[index].received.count == byteCount && state[index].received.count == byteCount)
      #expect(peers[index].received == outgoing[index])
      #expect(state[index].received == incoming[index])
    }
    #expect(console.fault == nil && console.status.contains(.driverOK) && console.refusedMessageCount == 0)

    // The console's text, by a queue and without one, as QEMU has it.
    let text = Array("vireo ".utf8)
    try console.write(text.span, port: 0, waiter: &waiter)
    for byte in "down".utf8 { #expect(console.emergencyWrite(byte) == true) }
    try bench.machine.connection.synchronize()
    let kept = try bench.machine.monitor.execute("ringbuf-read", ["device": .string("text"), "size": .integer(100)])
    #expect(kept.text == "vireo down")
  }

  struct Progress {
    var sent = 0
    var received: [UInt8] = []
  }

  /// Takes what came back, and hands out what there is room for; true when something happened.
  private func step<T: Transport & ~Copyable>(
    _ console: inout ConsolePorts<T>, _ port: Int, _ outgoing: [UInt8], _ progress: inout Progress,
    _ memory: QTestMemory
  ) throws -> Bool {
    var isBusy = false
    while let completion = console.complete(port: port) {
      isBusy = true
      #expect(completion.isDone == true)
      guard completion.request == .read else { continue }
      let count = completion.byteCount
      let buffer = completion.takeBuffer()
      progress.received += buffer.array(count)
      guard case .accepted = console.startRead(port: port, into: buffer) else {
        throw QTestError.malformed(what: "read", found: "refused")
      }
    }
    while progress.sent < outgoing.count, console.inFlight(port: port).writes < 8 {
      isBusy = true
      let part = outgoing[progress.sent..<min(outgoing.count, progress.sent + 5000)]
      var buffer = try memory.allocate(byteCount: part.count)
      buffer.fill(with: part)
      guard case .accepted = console.startWrite(port: port, from: buffer) else {
        throw QTestError.malformed(what: "write", found: "refused")
      }
      progress.sent += part.count
    }
    console.publish(port: port)
    return isBusy
  }
}

/// Ports whose other end comes and goes, and ports that do themselves.
private struct ChangeTrial: TransportUser {
  let peers: [ConsolePeer]

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    var waiter = bench.machine.waiter
    var console = try ConsolePorts(transport, waiter: &waiter)
    // Nobody is connected: the two sockets' ports are closed.
    let known: [ConsoleEvent] = [.named(port: 1), .named(port: 2), .isConsole(port: 0), .opened(port: 0)]
    _ = console.events(&waiter) { events in known.allSatisfy { events.contains($0) } }
    #expect(console.isThere(port: 1) && !console.isOpenByDevice(port: 1) && !console.isOpenByDevice(port: 2))
    switch console.startWrite(port: 1, from: try bench.machine.memory.allocate(byteCount: 4)) {
    case .accepted: Issue.record("a write to a closed port was accepted")
    case .refused(let refusal, _): #expect(refusal == .portClosed(port: 1))
    }
    try console.open(port: 1)
    for _ in 0..<3 {
      try peers[0].connect()
      #expect(console.events(&waiter) { $0.count == 1 } == [.opened(port: 1)])
      let text: [UInt8] = [1, 2, 3]
      let before = peers[0].received.count
      try console.write(text.span, port: 1, waiter: &waiter)
      let deadline = waiter.now + .seconds(5)
      while peers[0].received.count < before + 3, waiter.now < deadline {
        if try !peers[0].pump() { waiter.wait(until: deadline) }
      }
      #expect(peers[0].received.suffix(3) == [1, 2, 3])
      peers[0].disconnect()
      #expect(console.events(&waiter) { $0.count == 1 } == [.closed(port: 1)])
    }

    // A port of a run-time's making, below the limit and above it.
    let monitor = bench.machine.monitor
    for round in 0..<2 {
      try monitor.execute("chardev-add", chardev("late\(round)"))
      try monitor.execute("device_add", port("late\(round)", number: 4))
      // Nothing is behind it, so nobody opens it.
      #expect(console.events(&waiter) { $0.count == 2 } == [.added(port: 4), .named(port: 4)])
      #expect(console.name(ofPort: 4) == "late\(round)")
      try monitor.execute("device_del", ["id": .string("late\(round)")])
      #expect(console.events(&waiter) { $0.contains(.removed(port: 4)) }.last == .removed(port: 4))
      #expect(console.isThere(port: 4) == false)
    }
    #expect(console.refusedMessageCount == 0 && console.fault == nil)
  }

  private func chardev(_ name: String) -> [String: QMPValue] {
    ["id": .string(name), "backend": .object(["type": .string("null"), "data": .object([:])])]
  }

  private func port(_ name: String, number: Int64) -> [String: QMPValue] {
    [
      "driver": .string("virtserialport"), "bus": .string("vs0.0"), "nr": .integer(number), "chardev": .string(name),
      "id": .string(name), "name": .string(name),
    ]
  }
}

private struct SinglePortTrial: TransportUser {
  let peer: ConsolePeer

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench) throws {
    try peer.connect()
    var waiter = bench.machine.waiter
    var console = try ConsolePorts(transport, waiter: &waiter)
    #expect(!console.features.contains(.Console.multiport) && console.portCount == 1)
    let text = noise(10_000, seed: 3)
    peer.outgoing = noise(10_000, seed: 4)
    try console.write(text.span, waiter: &waiter)
    var received: [UInt8] = []
    let deadline = waiter.now + .seconds(10)
    while received.count < 10_000 || peer.received.count < 10_000, waiter.now < deadline {
      _ = try peer.pump()
      var part = [UInt8](repeating: 0, count: 700)
      var span = part.mutableSpan
      let count = try console.read(into: &span, waiter: &waiter, timeout: .milliseconds(1))
      received += part[..<count]
    }
    #expect(received == peer.outgoing)
    #expect(peer.received == text)
    try bench.expectAgreement(on: console)
  }
}

extension Bench {
  /// Nothing is broken.
  fileprivate func expectAgreement<T: Transport & ~Copyable>(on console: borrowing ConsolePorts<T>) throws {
    let report = try report()
    #expect(!report.isBroken && report.status & 0xc0 == 0)
    #expect(report.driverFeatures == UInt64(truncatingIfNeeded: console.features.rawValue))
  }
}

/// Bytes without a pattern, the same for a seed.
private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
  var state = seed
  var bytes: [UInt8] = []
  bytes.reserveCapacity(count + 8)
  while bytes.count < count {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    word ^= word >> 31
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
  }
  return Array(bytes[..<count])
}
