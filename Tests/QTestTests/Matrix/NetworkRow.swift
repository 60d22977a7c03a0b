import DevicePlatform
import Foundation
import QTest
import Testing
import VirtIO
import VirtIONetwork
import VirtualMachine

/// The network driver against QEMU's network card, whose cable ends here: every frame is known on both ends.
struct NetworkRow: DriverRow {
  let description = "network"
  let model = "net"
  let type = DeviceType.network
  let sizeProperty = "rx_queue_size"
  let deviceSizes = [256, 1024]
  // Without INDIRECT a frame to send takes two entries.
  let driverSizes = [2, 16, 256, 1024]
  let largestSize = 1024
  /// QEMU allows no other where the frames go to itself.
  private let transmitSize = 256

  func backing(count: Int, in place: Place) throws -> Backing {
    var backing = Backing()
    for index in 0..<count {
      let cable = try Cable()
      backing.arguments += ["-netdev", Cable.backend(file: index)]
      backing.files.append(cable.theirs)
      backing.ends.append(cable)
      backing.properties.append(",netdev=net\(index),mac=52:54:00:ab:cd:\(10 + index)\(place.isPCI ? ",romfile=" : "")")
    }
    return backing
  }

  func use<T: Transport & ~Copyable>(_ transport: consuming T, _ bench: Bench, _ trial: MatrixTrial) throws {
    var options = NetworkOptions()
    options.features.subtract([.eventIndex, .indirectDescriptors, .Network.queuePairs])
    options.features.formUnion(trial.wanted)
    options.queueSize = trial.wantedSize
    var waiter = bench.machine.waiter
    var card = try NetworkCard(transport, options: options, waiter: &waiter)
    try bench.expectAgreement(on: card.features, wishes: options.features, trial)
    let size = trial.expectedSize(bench.place, self)
    #expect(card.pair.receiveState.size == size && card.pair.receiveCapacity == size, bench.note)
    let offered = bench.place.offeredQueueSize(transmitSize)
    let transmitSize = bench.place.fixesQueueSize ? offered : min(offered, trial.wantedSize)
    let capacity = trial.expected.contains(.indirectDescriptors) ? transmitSize : transmitSize / 2
    #expect(card.pair.transmitState.size == transmitSize && card.pair.transmitCapacity == capacity, bench.note)
    #expect(card.isLegacy == bench.place.isLegacy, bench.note)
    #expect(card.address.words == "52:54:00:ab:cd:\(10 + trial.device)", bench.note)
    // From here on driver and device run at the same time.
    bench.machine.connection.postsWrites = true
    let cable = try #require(trial.backing.ends[trial.device] as? Cable)
    try NetworkTrial(bench: bench, cable: cable, trial: trial).run(&card, &waiter)
  }
}

/// What is done with one card.
private struct NetworkTrial {
  let bench: Bench
  let cable: Cable
  let trial: MatrixTrial

  private static let bytes = pattern(sector: 3, count: 8)

  /// A frame of its own for each trial and number: 60 to 315 bytes.
  private func frame(_ number: Int) -> ArraySlice<UInt8> {
    let start = (trial.number &* 37 + number &* 101) % 2048
    return Self.bytes[start..<start + 60 + number % 256]
  }

  func run<T: Transport & ~Copyable>(_ card: inout NetworkCard<T>, _ waiter: inout QTestWaiter) throws {
    for _ in 0..<2 { try tryFullQueue(&card.pair, &waiter) }
    try tryReceiving(&card.pair, &waiter)
    try card.setReceiveMode(.promiscuous, true, waiter: &waiter)
    let address = try sendOne(&card.pair, &waiter)

    let (sent, received) = (card.pair.transmitCounters, card.pair.receiveCounters)
    #expect(sent.sent == sent.accepted && received.drops.total == 0, bench.note)
    #expect(received.buffersGiven == received.buffersDelivered + UInt64(card.pair.buffersInFlight), bench.note)
    #expect(card.status.contains(.driverOK), bench.note)
    let (transmit, receive) = (card.pair.transmitState, card.pair.receiveState)
    try bench.expectAgreement(on: transmit)
    try bench.expectAgreement(on: receive, unseen: card.pair.buffersInFlight)
    let control = card.controlState
    try bench.expectAgreement(on: #require(control, bench.note))
    try bench.expectLast(
      [
        .init(address: 0, byteCount: UInt64(card.layout.headerByteCount), deviceWrites: false),
        .init(address: address, byteCount: 100, deviceWrites: false),
      ], transmit, trial)
    let bufferByteCount = UInt64((card.layout.fullBufferByteCount + 63) & ~63)
    try bench.expectLast([.init(address: 0, byteCount: bufferByteCount, deviceWrites: true)], receive, trial)
  }

  /// Frames until the queue takes no more, then all of them shown to the device at once.
  private func tryFullQueue<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ waiter: inout QTestWaiter
  ) throws {
    var count = 0
    while count <= pair.transmitCapacity {
      let bytes = frame(count)
      var buffer = try bench.machine.memory.allocate(byteCount: bytes.count)
      buffer.fill(with: bytes)
      if case .refused(let refusal, _) = pair.send(OutgoingFrame(buffer, byteCount: bytes.count)) {
        #expect(refusal == .queue(.full), bench.note)
        break
      }
      count += 1
    }
    #expect(count == pair.transmitCapacity && pair.transmitsInFlight == count, bench.note)
    let bells = pair.transmitState.counters.notifications
    pair.publish()
    #expect(pair.transmitState.counters.notifications - bells <= 1, bench.note)
    var (reclaimed, arrived, wrong) = (0, 0, [Int]())
    let deadline = waiter.now + .seconds(10)
    while reclaimed < count || arrived < count, waiter.now < deadline {
      let before = reclaimed + arrived
      reclaimed += pair.reclaimBatch(upTo: 64) { _ in }
      if let found = cable.receive() {
        // As data, which even a debug build compares at once.
        if Data(found) != Data(frame(arrived)) { wrong.append(arrived) }
        arrived += 1
      }
      if reclaimed + arrived == before { waiter.wait(until: deadline) }
    }
    #expect(reclaimed == count && arrived == count && wrong == [], bench.note)
  }

  /// More frames than the queue has buffers, where that is not many: they wait until there are some again.
  private func tryReceiving<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ waiter: inout QTestWaiter
  ) throws {
    let count = 40
    for number in 0..<count { try cable.send(Array(frame(number))) }
    var (arrived, wrong) = (0, [Int]())
    let deadline = waiter.now + .seconds(10)
    while arrived < count, waiter.now < deadline {
      guard let found = pair.receive() else {
        waiter.wait(until: deadline)
        continue
      }
      if found.array()[...] != frame(arrived) { wrong.append(arrived) }
      arrived += 1
      pair.recycle(found)
      pair.publish()
    }
    #expect(arrived == count && wrong == [] && pair.buffersInFlight == pair.receiveCapacity, bench.note)
  }

  /// A frame from the middle of a buffer; where the device finds it.
  private func sendOne<T: Transport & ~Copyable>(
    _ pair: inout NetworkQueuePair<T>, _ waiter: inout QTestWaiter
  ) throws -> UInt64 {
    let buffer = try bench.machine.memory.allocate(byteCount: 200)
    let address = buffer.deviceAddress.rawValue + 6
    guard case .accepted = pair.send(OutgoingFrame(buffer, from: 6, byteCount: 100)) else {
      Issue.record("refused: \(trial)")
      return 0
    }
    pair.publish()
    let deadline = waiter.now + .seconds(10)
    var isArrived = false
    while pair.transmitsInFlight > 0 || !isArrived, waiter.now < deadline {
      let count = pair.reclaimBatch(upTo: 1) { _ in }
      if cable.receive() != nil { isArrived = true } else if count == 0 { waiter.wait(until: deadline) }
    }
    #expect(isArrived && pair.transmitsInFlight == 0, bench.note)
    return address
  }
}
