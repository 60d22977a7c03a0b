import DevicePlatform
import Synchronization
import Testing
import VirtIO
import VirtIONetwork
import VirtIOTestSupport

/// Link, announcement, failure, reset, and several pairs.
struct LifeTests {
  private var waiter: TestWaiter { TestWaiter(step: .milliseconds(100)) }

  // SPEC: sec:... / Network Device / Device configuration layout / Legacy Interface: Device configuration layout 1
  @Test(arguments: [false, true]) func link_downAndUp_comesThroughTheMailbox(isLegacy: Bool) throws {
    let wire = Wire(isLegacy: isLegacy)
    var card = try wire.bringUp()
    let handle = card.makeInterruptHandle()
    wire.device.onInterrupt = { handle.handleInterrupt() }
    #expect(try card.update() == [])
    wire.configure(at: 6, 0)
    #expect(try card.update() == .link)
    #expect(!card.configuration.isLinkUp && card.mailbox.isEmpty)
    wire.configure(at: 6, 1)
    #expect(try card.update() == .link)
    #expect(card.configuration.isLinkUp)
    // A change that is none.
    wire.configure(at: 6, 1)
    #expect(try card.update() == [])
    #expect(wire.device.violations == [])
  }

  @Test func link_withoutTheFeature_isUp() throws {
    let wire = Wire(features: [Bit.mac])
    wire.configure(at: 6, 0)
    let card = try wire.bringUp()
    #expect(card.configuration.isLinkUp)
  }

  @Test func announcement_wished_isToldUntilItIsAcknowledged() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    var waiter = waiter
    let handle = card.makeInterruptHandle()
    wire.device.onInterrupt = { handle.handleInterrupt() }
    wire.configure(at: 6, 3)
    #expect(try card.update() == .announcement)
    #expect(try card.refreshConfiguration() == .announcement)
    try card.acknowledgeAnnouncement(waiter: &waiter)
    wire.configure(at: 6, 1)
    // The answer to the command came by the same line.
    #expect(try card.update().subtracting(.usedBuffers) == [])
    #expect(card.configuration.wantsAnnouncement == false)
  }

  @Test func configuration_becomingImpossible_isAnErrorAndTheOldOneStays() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    wire.configure(at: 10, 60)
    let error = failure { () throws(ConfigurationError) in _ = try card.refreshConfiguration() }
    #expect(error == .invalid(field: ConfigurationField("mtu"), value: 60))
    #expect(card.mtu == 1500 && card.configuration.mtu == 1500)
    wire.device.hostility.generationNeverSettles = true
    wire.configure(at: 10, 1500)
    #expect(
      failure { () throws(ConfigurationError) in _ = try card.refreshConfiguration() } == .unsettled(attempts: 32))
  }

  @Test func device_thatNeedsReset_isResetAndEverythingComesBack() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    let handle = card.makeInterruptHandle()
    wire.device.onInterrupt = { handle.handleInterrupt() }
    wire.device.setManual(true, queue: 1)
    for _ in 0..<3 { #expect(refusal(card.pair.send(try wire.frame(frameBytes(60)))) == nil) }
    card.pair.publish()
    wire.device.raiseNeedsReset()
    #expect(try card.update().contains(.failed))
    #expect(try card.update() == [])
    var unsent = 0
    while let frame = card.pair.reclaim() { if !frame.wasSent { unsent += 1 } }
    var unused = 0
    while !isNone(card.pair.takeUnused()) { unused += 1 }
    #expect(unsent == 3 && unused == 16)
    #expect(card.pair.transmitCounters.returned == 3 && card.pair.receiveCounters.buffersReturned == 16)
    expectBalance(card.pair)
    #expect(refusal(card.pair.send(try wire.frame(frameBytes(60)))) == .queue(.queueFailed))
  }

  @Test func device_thatReplaysATransmit_failsTheCard() throws {
    let wire = Wire()
    do {
      var card = try wire.bringUp()
      #expect(refusal(card.pair.send(try wire.frame(frameBytes(60)))) == nil)
      card.pair.publish()
      #expect(isNone(card.pair.reclaim()) == false)
      wire.device.replayUsedElement(queue: 1)
      #expect(isNone(card.pair.reclaim()) == true)
      #expect(card.pair.transmitState.fault != nil)
      #expect(try card.update() == .failed)
      #expect(wire.device.status == [] && wire.device.resetCount == 2)
    }
    #expect(wire.memory.buffersInUse == 0 && wire.memory.buffersLost == 0)
  }

  @Test func device_thatNeverResets_keepsItsBuffers() throws {
    let wire = Wire(queueSize: 4)
    do {
      let card = try wire.bringUp()
      wire.device.hostility.neverResets = true
      #expect(card.mtu == 1500)
    }
    // Four receive buffers, three rings, and the blocks of two of them.
    #expect(wire.memory.buffersLost == wire.memory.buffersInUse)
    #expect(wire.memory.buffersLost == 9)
  }

  @Test func shutDown_framesInBothDirections_areHandedBack() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    var waiter = waiter
    wire.device.setManual(true, queue: 1)
    #expect(refusal(card.pair.send(try wire.frame(frameBytes(60)))) == nil)
    card.pair.publish()
    #expect(wire.model.deliver(frameBytes(77)))
    try card.shutDown(waiter: &waiter)
    // It came before the reset.
    #expect(card.pair.receive()?.array() == frameBytes(77))
    let unsent = card.pair.reclaimBatch(upTo: 8) { _ in }
    #expect(unsent == 1 && card.pair.transmitCounters.returned == 1)
    var unused = 0
    while !isNone(card.pair.takeUnused()) { unused += 1 }
    #expect(unused == 15)
    expectBalance(card.pair)
  }

  @Test func shutDown_droppedAndRecycledBuffers_areHandedBackToo() throws {
    let wire = Wire()
    do {
      var card = try wire.bringUp()
      var waiter = waiter
      // Too short to be a frame: dropped, when nothing can be given to the device any more.
      wire.model.put(BadFrameTests.header())
      #expect(wire.model.deliver(frameBytes(77)))
      try card.shutDown(waiter: &waiter)
      guard let frame = card.pair.receive() else {
        Issue.record("what came before the reset is not delivered")
        return
      }
      card.pair.recycle(frame)
      var unused = 0
      while !isNone(card.pair.takeUnused()) { unused += 1 }
      #expect(unused == 16 && card.pair.receiveCounters.buffersReturned == 14)
      expectBalance(card.pair)
    }
    #expect(wire.memory.buffersInUse == 0 && wire.memory.buffersLost == 0)
  }

  @Test func deviceWasRemoved_givesEverythingBack() throws {
    let wire = Wire()
    do {
      var card = try wire.bringUp()
      wire.device.hostility.isAbsent = true
      card.mailbox.post(.configurationChanged)
      #expect(try card.update() == [])
      var waiter = waiter
      #expect(failure { () throws(BringupError) in try card.shutDown(waiter: &waiter) } == .deviceAbsent)
      #expect(
        failure { () throws(NetworkControlError) in
          try card.setReceiveMode(.promiscuous, true, waiter: &waiter, timeout: .milliseconds(300))
        } == .deviceAbsent)
      #expect(isNone(card.pair.takeUnused()) == true)
      card.deviceWasRemoved(unsafe DeviceRemoval())
      #expect(isNone(card.pair.takeUnused()) == false)
    }
    #expect(wire.memory.buffersInUse == 0 && wire.memory.buffersLost == 0)
  }

  // MARK: Pairs

  private func twoPairs(_ wire: Wire) throws -> NetworkCard<Bus> {
    var options = NetworkOptions()
    options.pairs = 2
    return try wire.bringUp(options)
  }

  @Test func pairs_notAskedFor_areNotNegotiated() throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2)
    let card = try wire.bringUp()
    #expect(!card.features.contains(.Network.queuePairs))
    #expect(card.pairLimit == 1 && wire.device.isEnabled(queue: 2) && !wire.device.isEnabled(queue: 4))
  }

  // SPEC: drivernormative:... / Control Virtqueue / Automatic receive steering in multiqueue mode 1, 3, 4
  @Test func pairs_eachOnAThreadOfItsOwn_deliverTheirOwnFrames() async throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 4)
    var card = try twoPairs(wire)
    var waiter = waiter
    #expect(card.pairLimit == 2 && wire.model.controlIndex == 8 && card.controlState?.index == 8)
    #expect(wire.device.isEnabled(queue: 3) && !wire.device.isEnabled(queue: 4))
    // Before the command nobody can have the second pair.
    #expect(isNone(card.takePair(1)) == true)
    try card.usePairs(2, waiter: &waiter)
    #expect(wire.model.commands.last == NetworkModel.Command([4, 0], [[2, 0]]))
    guard var second = card.takePair(1) else {
      Issue.record("no second pair")
      return
    }
    #expect(isNone(card.takePair(1)) == true && isNone(card.takePair(0)) == true && isNone(card.takePair(2)) == true)
    #expect(
      failure { () throws(NetworkControlError) in try card.usePairs(1, waiter: &waiter) }
        == .pairsInUse(count: 1, active: 2))
    #expect(wire.model.deliver(frameBytes(200, seed: 2), queue: 2))
    #expect(wire.model.deliver(frameBytes(100, seed: 1), queue: 0))
    #expect(refusal(second.send(try wire.frame(frameBytes(90)))) == nil)
    second.publish()
    #expect(wire.model.sent.last?.queue == 3)
    // Goes to another thread whole.
    let mailbox = Handover(second)
    let received = await Task.detached { () -> [UInt8] in
      guard var pair = mailbox.take() else { return [] }
      let bytes = pair.receive()?.array() ?? []
      mailbox.put(pair)
      return bytes
    }.value
    #expect(received == frameBytes(200, seed: 2))
    #expect(card.pair.receive()?.array() == frameBytes(100, seed: 1))
    guard let back = mailbox.take() else {
      Issue.record("the pair did not come back")
      return
    }
    #expect(back.receiveCounters.frames == 1 && back.index == 1)
    card.putBack(back)
    try card.usePairs(1, waiter: &waiter)
    #expect(isNone(card.takePair(1)) == true && wire.device.violations == [])
  }

  @Test func pair_thatFindsAFault_failsTheCardOfAnotherOwner() throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2)
    do {
      var card = try twoPairs(wire)
      var waiter = waiter
      try card.usePairs(2, waiter: &waiter)
      guard var second = card.takePair(1) else {
        Issue.record("no second pair")
        return
      }
      wire.device.writeUsedElement(queue: 2, id: 500, length: 60)
      #expect(isNone(second.receive()) == true && second.fault == .idUnknown(500))
      #expect(try card.update() == .failed)
      var unused = 0
      while !isNone(second.takeUnused()) { unused += 1 }
      #expect(unused == 16)
    }
    #expect(wire.memory.buffersInUse == 0 && wire.memory.buffersLost == 0)
  }

  @Test func pair_droppedBeforeItsCard_losesWhatTheDeviceHas() throws {
    let wire = Wire(features: Bit.all.union(Bit.pairs), pairs: 2)
    do {
      var card = try twoPairs(wire)
      var waiter = waiter
      try card.usePairs(2, waiter: &waiter)
      _ = card.takePair(1)
    }
    #expect(wire.memory.buffersLost > 16 && wire.memory.buffersLost == wire.memory.buffersInUse)
  }

  @Test func interrupts_armed_comeOnceABatch() throws {
    let wire = Wire()
    var card = try wire.bringUp()
    // With EVENT_IDX the very first buffer interrupts: a ring begins with the wish for it.
    wire.model.deliver(frameBytes(60))
    let quiet = wire.device.interruptCount
    for seed in 1...3 { wire.model.deliver(frameBytes(60, seed: seed)) }
    #expect(wire.device.interruptCount == quiet)
    #expect(card.pair.armReceive() == true)
    var frames = card.pair.receiveBatch(upTo: 8) { _ in }
    #expect(frames == 4 && card.pair.armReceive(after: 2) == false)
    wire.model.deliver(frameBytes(60))
    #expect(wire.device.interruptCount == quiet)
    wire.model.deliver(frameBytes(60))
    #expect(wire.device.interruptCount == quiet + 1)
    frames = card.pair.receiveBatch(upTo: 8) { _ in }
    #expect(frames == 2 && card.pair.armTransmit() == false)
    #expect(refusal(card.pair.send(try wire.frame(frameBytes(60)))) == nil)
    card.pair.publish()
    #expect(wire.device.interruptCount == quiet + 2)
  }
}

/// Hands a pair from one thread to another.
private final class Handover: Sendable {
  private let place: Mutex<NetworkQueuePair<Bus>?>

  init(_ pair: consuming NetworkQueuePair<Bus>) { place = Mutex(consume pair) }

  func take() -> NetworkQueuePair<Bus>? { place.withLock { $0.take() } }
  func put(_ pair: consuming NetworkQueuePair<Bus>) {
    var slot: NetworkQueuePair<Bus>? = consume pair
    place.withLock { $0 = slot.take() }
  }
}
