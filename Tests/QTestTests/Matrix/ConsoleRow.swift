import DevicePlatform
import QTest
import Testing
import VirtIO
import VirtIOConsole
import VirtualMachine

/// The console driver against QEMU's virtio-serial with a console, whose other end is here.
struct ConsoleRow: DriverRow {
  let description = "console"
  let model = "serial"
  let type = DeviceType.console
  // The model's port queues have 128 entries, those for control messages 32, and there is no switch for it.
  let deviceSizes: [Int] = []
  // The device drops control messages beyond the queue's size, and sends up to three at once.
  let driverSizes = [4, 16, 128]
  let largestSize = 128

  func backing(count: Int, in place: Place) throws -> Backing {
    var backing = Backing()
    for index in 0..<count {
      let (ours, theirs) = try SocketEnd.pair()
      backing.arguments += ["-chardev", "socket,id=text\(index),fd=\(QTestMachine.descriptor(ofFile: index))"]
      backing.attachments += ["-device", "virtconsole,bus=dev\(index).0,nr=0,chardev=text\(index)"]
      backing.files.append(theirs)
      backing.ends.append(ConsolePeer(ours))
      backing.properties.append(",max_ports=2")
    }
    return backing
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws {
    var options = ConsoleOptions()
    options.features.subtract([.eventIndex, .indirectDescriptors])
    options.features.formUnion(trial.wanted)
    options.queueSize = trial.wantedSize
    var waiter = bench.machine.waiter
    var console = try ConsolePorts(transport, options: options, waiter: &waiter)
    try bench.expectAgreement(on: console.features, wishes: options.features, trial)
    let size = trial.expectedSize(bench.place, self)
    guard let states = console.queueStates(ofPort: 0) else { throw QTestError.malformed(what: "port", found: "none") }
    #expect(states.receive.size == size && states.transmit.size == size, bench.note)
    #expect(console.capacity(port: 0) == (size, size), bench.note)
    #expect(console.isLegacy == bench.place.isLegacy, bench.note)
    // From here on driver and device run at the same time.
    bench.machine.connection.postsWrites = true
    let peer = try #require(trial.backing.ends[trial.device] as? ConsolePeer)
    try ConsoleTrial(bench: bench, peer: peer, trial: trial).run(&console, &waiter)
  }
}

/// What is done with one console.
private struct ConsoleTrial {
  let bench: Bench
  let peer: ConsolePeer
  let trial: MatrixTrial

  private static let bytes = pattern(sector: 7, count: 16)

  /// Bytes of its own for each trial: 1 to 4096.
  private func text(_ count: Int) -> ArraySlice<UInt8> {
    let start = trial.number &* 37 % 2048
    return Self.bytes[start..<start + count]
  }

  func run<T: Transport & ~Copyable>(_ console: inout ConsolePorts<T>, _ waiter: inout QTestWaiter) throws {
    let expected: [ConsoleEvent] = [.added(port: 0), .isConsole(port: 0), .opened(port: 0)]
    let events = console.events(&waiter) { events in expected.allSatisfy { events.contains($0) } }
    #expect(events.allSatisfy { expected.contains($0) } && expected.allSatisfy { events.contains($0) }, bench.note)
    // Until there are no more: that a console is open is told then.
    while let event = console.nextEvent() { #expect(expected.contains(event), bench.note) }
    for _ in 0..<2 { try tryFullQueue(&console, &waiter) }
    try tryReading(&console, &waiter)
    let address = try writeOne(&console, &waiter)

    #expect(console.fault == nil && console.refusedMessageCount == 0 && console.status.contains(.driverOK), bench.note)
    guard let states = console.queueStates(ofPort: 0) else { throw QTestError.malformed(what: "port", found: "none") }
    try bench.expectAgreement(on: states.transmit)
    try bench.expectAgreement(on: states.receive, unseen: console.inFlight(port: 0).reads)
    try bench.expectLast([.init(address: address, byteCount: 33, deviceWrites: false)], states.transmit, trial)
    try bench.expectLast([.init(address: 0, byteCount: 64, deviceWrites: true)], states.receive, trial)
  }

  /// Writes until the queue takes no more, then all of them shown to the device at once.
  private func tryFullQueue<T: Transport & ~Copyable>(
    _ console: inout ConsolePorts<T>, _ waiter: inout QTestWaiter
  ) throws {
    let capacity = console.capacity(port: 0).writes
    let text = text(16 * capacity)
    let before = peer.received.count
    for number in 0...capacity {
      var buffer = try bench.machine.memory.allocate(byteCount: 16)
      if number < capacity { buffer.fill(with: text.dropFirst(16 * number).prefix(16)) }
      if case .refused(let refusal, _) = console.startWrite(port: 0, from: buffer) {
        #expect(refusal == .queue(.full) && number == capacity, bench.note)
      } else {
        #expect(number < capacity, bench.note)
      }
    }
    let bells = bells(console)
    console.publish(port: 0)
    #expect(self.bells(console) - bells <= 1, bench.note)
    try finish(&console, &waiter) { peer.received.count - before >= text.count }
    let isSame = peer.received[before...] == text
    #expect(isSame, bench.note)
  }

  private func bells<T: Transport & ~Copyable>(_ console: borrowing ConsolePorts<T>) -> UInt64 {
    console.queueStates(ofPort: 0)?.transmit.counters.notifications ?? 0
  }

  /// Takes writes that are over, and lets the other end work, until all is done.
  private func finish<T: Transport & ~Copyable>(
    _ console: inout ConsolePorts<T>, _ waiter: inout QTestWaiter, _ isDone: () -> Bool
  ) throws {
    let deadline = waiter.now + .seconds(10)
    while console.inFlight(port: 0).writes > 0 || !isDone(), waiter.now < deadline {
      var isBusy = try peer.pump()
      while let completion = console.complete(port: 0) {
        isBusy = true
        #expect(completion.isDone && completion.request == .write, bench.note)
      }
      if !isBusy { waiter.wait(until: deadline) }
    }
    #expect(console.inFlight(port: 0).writes == 0 && isDone(), bench.note)
  }

  /// More bytes than a few buffers hold, until all have come; a full queue of buffers is left with the device.
  private func tryReading<T: Transport & ~Copyable>(
    _ console: inout ConsolePorts<T>, _ waiter: inout QTestWaiter
  ) throws {
    let text = text(1000)
    for number in 0...console.capacity(port: 0).reads {
      if case .refused(let refusal, _) = console.startRead(
        port: 0, into: try bench.machine.memory.allocate(byteCount: 64))
      {
        #expect(refusal == .queue(.full) && number == console.capacity(port: 0).reads, bench.note)
      }
    }
    console.publish(port: 0)
    peer.outgoing += text
    var received: [UInt8] = []
    let deadline = waiter.now + .seconds(10)
    while received.count < text.count, waiter.now < deadline {
      var isBusy = try peer.pump()
      while let completion = console.complete(port: 0) {
        isBusy = true
        #expect(completion.isDone && completion.request == .read, bench.note)
        let count = completion.byteCount
        let buffer = completion.takeBuffer()
        received += buffer.array(count)
        guard case .accepted = console.startRead(port: 0, into: buffer) else {
          Issue.record("refused: \(trial)")
          return
        }
      }
      console.publish(port: 0)
      if !isBusy { waiter.wait(until: deadline) }
    }
    // As one value: a difference would be printed whole.
    let isSame = received[...] == text
    #expect(isSame, bench.note)
  }

  /// One write; where the device finds it.
  private func writeOne<T: Transport & ~Copyable>(
    _ console: inout ConsolePorts<T>, _ waiter: inout QTestWaiter
  ) throws -> UInt64 {
    let before = peer.received.count
    var buffer = try bench.machine.memory.allocate(byteCount: 33)
    buffer.fill(with: text(33))
    let address = buffer.deviceAddress.rawValue
    guard case .accepted = console.startWrite(port: 0, from: buffer) else {
      Issue.record("refused: \(trial)")
      return 0
    }
    console.publish(port: 0)
    try finish(&console, &waiter) { peer.received.count - before >= 33 }
    let isSame = peer.received[before...] == text(33)
    #expect(isSame, bench.note)
    return address
  }
}
