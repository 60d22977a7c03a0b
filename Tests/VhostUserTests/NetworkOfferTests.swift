import Testing
import VhostUser
import VirtIO
import VirtIONetwork

/// What a network back-end says of itself, and what is made of it.
@Suite(.timeLimit(.minutes(1))) struct NetworkOfferTests {
  private static let control: UInt64 = 1 << 17

  /// Two queues for each pair, one for commands, and no more than can be numbered.
  @Test(arguments: [1, 7, 0x7fff, 0x8000, 0xffff] as [UInt64], [false, true])
  func pairs_areCountedAsQueues(pairs: UInt64, hasControl: Bool) throws {
    let backend = ScriptedBackend(
      { if hasControl { $0.features |= Self.control } },
      deed: { request, _ in request == .getQueueCount ? .answer(ScriptedBackend.number(pairs)) : nil })
    let device = try backend.connect(as: .network)
    #expect(device.offer.queueCount == UInt16(min(2 * pairs + (hasControl ? 1 : 0), 0xffff)))
  }

  @Test(arguments: [false, true]) func noCount_isOnePair(hasControl: Bool) throws {
    let backend = ScriptedBackend {
      $0.protocolFeatures &= ~1
      if hasControl { $0.features |= Self.control }
    }
    #expect(try backend.connect(as: .network).offer.queueCount == (hasControl ? 3 : 2))
  }

  @Test func controlQueue_isBroughtUpBehindThePair() throws {
    let backend = ScriptedBackend {
      $0.features |= Self.control | 1 << 5
      $0.configuration.replaceSubrange(0..<6, with: [2, 0, 0, 0, 0, 1])
    }
    let device = try backend.connect(as: .network)
    var waiter = device.makeWaiter()
    var card = try NetworkCard(device.makeTransport(), waiter: &waiter)
    let index = card.controlState?.index
    #expect(index == 2 && card.address == MACAddress(2, 0, 0, 0, 0, 1))
    try card.shutDown(waiter: &waiter)
    #expect(device.failure == nil)
  }

  /// Without a configuration nobody serves the control queue, nor what is done with it.
  @Test func configurationMissing_leavesNothingThatNeedsTheControlQueue() throws {
    let backend = ScriptedBackend {
      $0.protocolFeatures &= ~(1 << 9)
      $0.features = .max
    }
    let device = try backend.connect(as: .network)
    // CTRL_GUEST_OFFLOADS, CTRL_VQ to CTRL_MAC_ADDR, VQ_NOTF_COAL, NOTF_COAL, HASH_REPORT, RSS.
    for bit in [2] + Array(17...23) + [52, 53, 57, 60] {
      #expect(!device.features.contains(FeatureSet(bit: bit)), "bit \(bit)")
    }
    #expect(device.features.contains(.Network.mergeableBuffers) && device.offer.queueCount == 2)
  }
}
