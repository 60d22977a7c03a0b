import DevicePlatform
import PCI
import Testing
import VirtIO
import VirtIOPCI
import VirtIOTestSupport

/// Message-signalled interrupts: which vectors are asked for, and what is made of a refusal.
struct PCIMessageTests {
  /// A network card with three queues and an MSI-X table.
  private func bench(count: Int) -> Bench {
    let bench = network()
    bench.function.addMessages(count: count)
    return bench
  }

  private func transport(_ bench: Bench, messages: Int) throws -> Transport {
    let (bus, found, placement) = try bench.place()
    return try Transport(
      function: found, placement: placement, bus: bus, mapper: bus.access, memory: bench.memory,
      messages: (0..<messages).map { InterruptMessage(address: 0x1_fee0_0000 + UInt64(4 * $0), data: UInt32($0)) })
  }

  /// Brings three queues up.
  private func bringUp(_ transport: inout Transport) throws(BringupError) {
    var waiter = TestWaiter()
    try transport.bringUp(
      as: .network, features: DriverFeatures(wanted: []), waiter: &waiter, timeout: .seconds(1)
    ) { transport, features throws(BringupError) in
      for index in 0..<3 as Range<UInt16> { _ = try transport.makeQueue(index, QueueOptions(), features: features) }
    }
  }

  // Tables of one entry up to the largest; vectors in use are the first, within the table.
  // SPEC: drivernormative:... / MSI-X Vector Configuration 1, 2
  @Test(arguments: [
    (1, 1, [0, 0, 0]), (2, 2, [1, 1, 1]), (3, 3, [1, 2, 1]), (16, 3, [1, 2, 1]), (2048, 4, [1, 2, 3]),
  ])
  func vectors_ofTablesOfAnySize_areWithinThem(count: Int, messages: Int, expected: [UInt16]) throws {
    let bench = bench(count: count)
    // More messages than entries are not used.
    var transport = try transport(bench, messages: count < 16 ? 64 : messages)
    let inUse = transport.messageCount
    #expect(inUse == messages)
    try bringUp(&transport)
    #expect(bench.function.messages?.configurationVector == 0)
    #expect((0..<3).map { bench.function.messages?.queueVectors[$0] } == expected)
    #expect(bench.function.isMessageEnabled)
    for vector in 0..<messages {
      #expect(
        bench.function.messages?.words[4 * vector..<4 * vector + 4]
          == [0xfee0_0000 + UInt32(4 * vector), 1, UInt32(vector), 0])
    }
    #expect(bench.device.violations == [])
  }

  // SPEC: drivernormative:... / MSI-X Vector Configuration 3
  @Test(arguments: [(0, nil), (1, 0), (2, 1)] as [(UInt16, UInt16?)])
  func vector_refusedByTheDevice_endsBringUpWithFailed(vector: UInt16, queue: UInt16?) throws {
    let bench = bench(count: 4)
    bench.function.refuse(vector: vector)
    var transport = try transport(bench, messages: 4)
    var found: BringupError?
    do throws(BringupError) { try bringUp(&transport) } catch { found = error }
    #expect(found == .transport(.vectorRefused(queue: queue)))
    #expect(bench.device.status.contains(.failed))
    #expect(bench.device.violations == [])
  }

  /// What a kernel makes of a device without room for vectors: the same function once more, with its line.
  @Test(arguments: [0, 1] as [UInt16])
  func vector_refused_sameFunctionComesUpWithItsLine(vector: UInt16) throws {
    let bench = bench(count: 4)
    bench.function.refuse(vector: vector)
    var refused = try transport(bench, messages: 2)
    #expect(throws: BringupError.self) { try bringUp(&refused) }
    #expect(bench.function.isMessageEnabled)
    var transport = try transport(bench, messages: 0)
    try bringUp(&transport)
    #expect(transport.messageCount == 0 && !bench.function.isMessageEnabled)
    #expect(bench.device.status.contains(.driverOK) && !bench.device.status.contains(.failed))
    #expect(bench.device.violations == [])
  }

  /// One vector for all means that an interrupt tells nothing more than that it came.
  @Test func meaning_ofEachMessage_isWhatSharesIt() throws {
    let one = try transport(bench(count: 1), messages: 1)
    let all = one.meaning(ofMessage: 0)
    #expect(all == [.usedBuffers, .configurationChanged])
    let three = try transport(bench(count: 3), messages: 3)
    let meanings = (0..<3).map { three.meaning(ofMessage: $0) }
    #expect(meanings == [.configurationChanged, .usedBuffers, .usedBuffers])
  }

  @Test func setMessage_masked_isTheEntrysLastWord() throws {
    let bench = bench(count: 3)
    let transport = try transport(bench, messages: 3)
    let made = transport.makeMessageControl()
    let control = try #require(made)
    control.setMessage(2, masked: true)
    #expect(bench.function.messages?.words[11] == 1)
    control.setMessage(2, masked: false)
    #expect(bench.function.messages?.words[11] == 0)
    #expect(bench.device.violations == [])
  }

  @Test func table_outsideItsBAR_isRefused() throws {
    for (offset, error) in [
      (0x4004, TransportError.windowOutOfRange("MSI-X table", offset: 0x4000, byteCount: 64, limit: 0x4000)),
      (0x3fc8 | 4, .windowOutOfRange("MSI-X table", offset: 0x3fc8, byteCount: 64, limit: 0x4000)),
      (0x3802, .barUnusable(index: 2)),
    ] {
      let bench = bench(count: 4)
      bench.lie(UInt32(offset), 4, at: Capability.messages + 4)
      var found: TransportError?
      do { _ = try transport(bench, messages: 4) } catch let caught as TransportError { found = caught }
      #expect(found == error)
    }
  }
}
