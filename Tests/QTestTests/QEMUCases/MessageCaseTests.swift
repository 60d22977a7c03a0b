import DevicePlatform
import PCI
import QTest
import Testing
import VirtIO
import VirtIOBlock
import VirtIOPCI

extension EmulatedMachines {
  /// The cases of QEMU's own block test that need MSI-X.
  @Suite struct MessageCaseTests {
    static let places = [Place.q35PCI, .q35TransitionalPCI, .q35EnhancedPCI, .aarch64PCI, .riscv64PCI]

    /// One vector for the configuration and one for the queue: a new size sends the first, each request the second.
    @Test(arguments: places) func msix(_ place: Place) throws {
      let bench = try BlockCaseTests.bench(place)
      try withMessages(bench) { disk, words, waiter in
        try bench.machine.monitor.execute("block_resize", ["device": .string("d0"), "size": .integer(4 << 20)])
        try words.expect(.configuration, bench)
        let isNew = try disk.refreshGeometry()
        #expect(isNew && disk.geometry.sectorCount == 8192)
        // QEMU tells the queues too.
        _ = words.take(.queue)
        var buffer = try bench.machine.memory.allocate(byteCount: 512)
        for sector in [0, 8191] as [UInt64] {
          let isEarly = disk.arm()
          #expect(!isEarly)
          try disk.write(sector: sector, from: &buffer, waiter: &waiter)
          try words.expect(.queue, bench)
          #expect(words.take(.configuration) == 0)
        }
      }
      try bench.expectCleanEnd()
    }

    /// An interrupt is asked for at the second request: the first ends without one, the next two bring one.
    @Test(arguments: places) func idx(_ place: Place) throws {
      let bench = try BlockCaseTests.bench(place)
      try withMessages(bench) { disk, words, waiter in
        for _ in 0..<3 {
          let isEarly = disk.arm(after: 2)
          #expect(!isEarly)
          try finishReads(1, &disk, bench, &waiter)
          #expect(words.take(.queue) == 0)
          try finishReads(2, &disk, bench, &waiter)
          try words.expect(.queue, bench)
          #expect(words.take(.queue) == 0)
        }
      }
      try bench.expectCleanEnd()
    }

    private typealias Disk = BlockDevice<PCITransport<QTestRegisters, QTestMemory>>

    /// A disk with two vectors, past the interrupt for the very first use that a fresh ring asks for.
    private func withMessages(
      _ bench: Bench, _ body: (inout Disk, inout MessageWords, inout QTestWaiter) throws -> Void
    ) throws {
      var words = try MessageWords(bench.machine)
      let transport = try #require(bench.bus).transport(.block, words.messages)
      #expect(transport.messageCount == 2)
      var waiter = bench.machine.waiter
      var disk = try BlockDevice(transport, waiter: &waiter)
      try finishReads(1, &disk, bench, &waiter)
      try words.expect(.queue, bench)
      try body(&disk, &words, &waiter)
      try bench.expectAgreement(on: disk.queueState)
    }

    /// Reads sectors that are no neighbours, shown at once, and polls until all are there. All that the device had to say
    /// about them is said when this returns.
    private func finishReads(_ count: Int, _ disk: inout Disk, _ bench: Bench, _ waiter: inout QTestWaiter) throws {
      for index in 0..<UInt64(count) {
        switch disk.startRead(sector: 2 * index, into: try bench.machine.memory.allocate(byteCount: 512)) {
        case .accepted: break
        case .refused(let refusal, _): throw refusal
        }
      }
      disk.publish()
      let deadline = waiter.now + .seconds(5)
      var done = 0
      while done < count, waiter.now < deadline {
        guard let completion = disk.complete() else {
          waiter.wait(until: deadline)
          continue
        }
        #expect(completion.result == .done)
        done += 1
      }
      #expect(done == count)
      try bench.machine.connection.synchronize()
    }
  }
}

/// Words in RAM to which a device sends its messages; each on a cache line of its own.
struct MessageWords: ~Copyable {
  /// Which message: the offset of its word.
  enum Vector: Int {
    case configuration = 0
    case queue = 64
  }

  private var buffer: DMABuffer
  /// What to give to the transport.
  let messages: [InterruptMessage]

  init(_ machine: QTestMachine) throws {
    buffer = try machine.memory.allocate(byteCount: 128)
    let address = buffer.deviceAddress.rawValue
    messages = [
      InterruptMessage(address: address, data: 0x11),
      InterruptMessage(address: address + UInt64(Vector.queue.rawValue), data: 0x22),
    ]
  }

  /// Takes what was sent: 0 for nothing.
  mutating func take(_ vector: Vector) -> UInt8 {
    defer { buffer[vector.rawValue] = 0 }
    return buffer[vector.rawValue]
  }

  /// Waits for a message and takes it.
  mutating func expect(_ vector: Vector, _ bench: Bench, location: SourceLocation = #_sourceLocation) throws {
    var waiter = bench.machine.waiter
    let deadline = waiter.now + .seconds(5)
    while buffer[vector.rawValue] == 0, waiter.now < deadline { waiter.wait(until: deadline) }
    #expect(take(vector) == (vector == .queue ? 0x22 : 0x11), sourceLocation: location)
  }
}
